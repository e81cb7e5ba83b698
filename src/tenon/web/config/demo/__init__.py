"""A made-up world to look around in: a steel group and those along its chain, with hazards at every stage."""

from tenon.web.config.demo.filling import fill

__all__ = ["fill"]
