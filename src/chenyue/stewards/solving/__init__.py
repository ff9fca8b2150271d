"""Who answers for which building: the solver core. Pure Python, no Django; OR-Tools is imported where it solves.

`problem` describes, `checking` judges, `few` gives away few buildings exactly, `search` improves step by step, `cp`
searches far and proves, `solver.assign` is the door, `explaining` says why each change is made and why a load can't be
even. Web processes may import everything here but `cp`, and must not call `assign`: that is a job's work.
"""
