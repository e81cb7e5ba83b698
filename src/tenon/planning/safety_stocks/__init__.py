"""Where safety stock belongs: the guaranteed-service model of a chain."""

from tenon.planning.safety_stocks.formulate import safety_stock_problem
from tenon.planning.safety_stocks.problem import SafetyStockProblem
from tenon.planning.safety_stocks.solve import place_safety_stocks

__all__ = ["SafetyStockProblem", "place_safety_stocks", "safety_stock_problem"]
