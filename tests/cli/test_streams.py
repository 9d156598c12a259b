import io

from rich.table import Table

from openkam.cli.streams import Plain


def printed(*texts: object) -> str:
    console = Plain(file=io.StringIO(), width=60, force_terminal=True)
    console.print(*texts)
    return console.file.getvalue()  # pyright: ignore[reportAttributeAccessIssue] - it is the StringIO above


def test_names_with_brackets_are_no_markup():
    assert "Acme [Sales] [/bold] :smile:" in printed("Acme [Sales] [/bold] :smile:")


def test_a_name_in_a_table_cannot_steer_the_terminal():
    table = Table("Account")
    table.add_row("Evil\x1b[2J\x07\u202ename [red]")
    shown = printed(table)
    assert "Evil\ufffd[2J\ufffd\ufffdname [red]" in shown
    assert "\x1b[2J" not in shown


def test_lines_and_tabs_stay():
    assert printed("one\ntwo") == "one\ntwo\n"
