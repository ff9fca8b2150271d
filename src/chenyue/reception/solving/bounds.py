"""How cheap a roster could be at best: the linear relaxation of a CP-SAT part, solved by the HiGHS in OR-Tools.

CP-SAT's own bounds say little about rosters. Whatever the relaxation costs, no roster of that part costs less.
"""

import datetime
from typing import Any

from ortools.math_opt.python import mathopt

from chenyue.reception.solving.cp import Part

FAR = 1 << 60  # what CP-SAT writes for "no limit"


def relaxed(part: Part, seconds: float) -> float | None:
    """A lower bound on what a part (already asked to solve) costs; None if there was no time to find one."""
    proto = part.model.Proto()
    lp = mathopt.Model()
    variables = []
    for var in proto.variables:
        domain = list(var.domain)  # the wrapped sequence has no negative indices
        variables.append(lp.add_variable(lb=float(domain[0]), ub=float(domain[-1])))
    for constraint in proto.constraints:
        _linear(lp, variables, constraint)
    goal = proto.objective
    lp.minimize(
        mathopt.LinearSum(c * variables[v] for v, c in zip(goal.vars, goal.coeffs, strict=True)) if goal.vars else 0.0
    )
    limit = datetime.timedelta(seconds=max(0.1, seconds))
    found = mathopt.solve(lp, mathopt.SolverType.HIGHS, params=mathopt.SolveParameters(time_limit=limit))
    if found.termination.reason is not mathopt.TerminationReason.OPTIMAL:
        return None
    return float(found.objective_value()) + float(goal.offset)


def _literal(variables: list[Any], literal: int) -> Any:
    return variables[literal] if literal >= 0 else 1.0 - variables[-literal - 1]


def _linear(lp: Any, variables: list[Any], constraint: Any) -> None:
    """Add one constraint; one of a kind that isn't linear is left out, which only weakens the bound."""
    if constraint.enforcement_literal:
        return
    if constraint.has_linear():
        linear = constraint.linear
        total = mathopt.LinearSum(c * variables[v] for v, c in zip(linear.vars, linear.coeffs, strict=True))
        low, *_rest, high = list(linear.domain)
        lp.add_linear_constraint(
            expr=total,
            lb=float("-inf") if low < -FAR else float(low),
            ub=float("inf") if high > FAR else float(high),
        )
    elif constraint.has_at_most_one():
        literals = constraint.at_most_one.literals
        lp.add_linear_constraint(mathopt.LinearSum(_literal(variables, v) for v in literals) <= 1.0)
    elif constraint.has_bool_or():
        literals = constraint.bool_or.literals
        lp.add_linear_constraint(mathopt.LinearSum(_literal(variables, v) for v in literals) >= 1.0)
