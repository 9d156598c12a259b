"""Models of how often accounts order and whether they still do: from histories to what lies ahead."""

from openkam.analytics.valuation.purchase_model.beta_binomial import fit_bg_bb
from openkam.analytics.valuation.purchase_model.beta_geometric_fit import fit_bg_nbd, fit_mbg_cnbd_k, fit_mbg_nbd
from openkam.analytics.valuation.purchase_model.pareto import fit_pareto_nbd

__all__ = ["fit_bg_bb", "fit_bg_nbd", "fit_mbg_cnbd_k", "fit_mbg_nbd", "fit_pareto_nbd"]
