"""Planning: what to do before something breaks."""

from tenon.planning.safety_stocks import SafetyStockProblem, place_safety_stocks, safety_stock_problem

__all__ = ["SafetyStockProblem", "place_safety_stocks", "safety_stock_problem"]
