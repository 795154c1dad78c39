"""Open data: what was found, what can be chosen about it, and whether the network takes it."""

from viz_app.panels.data_offer.panel import DataOfferPanel

__all__ = ["DataOfferPanel"]
