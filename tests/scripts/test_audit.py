"""A package that nobody could check is never counted as checked."""

import json

from scripts.audit import verdict

CLEAN = {"name": "a", "version": "1", "vulns": []}
UNANSWERED = {"name": "b", "skip_reason": "Dependency not found"}
VULNERABLE = {"name": "c", "version": "2", "vulns": [{"id": "PYSEC-1", "fix_versions": ["3"]}]}


def report(*packages: dict) -> str:
    return json.dumps({"dependencies": packages})


def test_all_clean_passes():
    assert verdict(report(CLEAN), "", required=True) == (["Advisories: 1 of 1 locked packages audited, 0 vulnerable"], True)


def test_a_known_vulnerability_fails():
    lines, passes = verdict(report(CLEAN, VULNERABLE), "", required=False)
    assert lines[0] == "c 2: PYSEC-1, mended in 3"
    assert not passes


def test_no_answer_is_said_and_fails_only_where_the_network_is_known_to_be_there():
    lines, passes = verdict(report(CLEAN, UNANSWERED), "", required=False)
    assert lines[-1] == "Advisories: NOT audited, because the service gave no answer: 1 packages"
    assert passes
    assert not verdict(report(CLEAN, UNANSWERED), "", required=True)[1]


def test_a_service_out_of_reach_is_said():
    lines, passes = verdict("", "Traceback …\nConnectionError: no route", required=False)
    assert "NOTHING was audited" in lines[0]
    assert "no route" in lines[0]
    assert passes
    assert not verdict("", "", required=True)[1]
