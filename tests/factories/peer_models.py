"""The models of the package `lifetimes`, written by others: what ours are held against."""

import warnings

with warnings.catch_warnings():
    # It sets an option that pandas 3 no longer reads, and its strings hold escapes that Python no longer knows.
    warnings.simplefilter("ignore")
    from lifetimes import (
        BetaGeoBetaBinomFitter,
        BetaGeoFitter,
        GammaGammaFitter,
        ModifiedBetaGeoFitter,
        ParetoNBDFitter,
    )

__all__ = ["BetaGeoBetaBinomFitter", "BetaGeoFitter", "GammaGammaFitter", "ModifiedBetaGeoFitter", "ParetoNBDFitter"]
