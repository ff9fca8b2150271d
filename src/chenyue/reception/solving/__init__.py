"""The roster's solver core: pure Python, no Django; OR-Tools is imported only where and when it solves.

`problem` describes, `checking` judges a roster in milliseconds, `solver` finds one, `replanning` mends one,
`explaining` says why there is none. Web processes may import `problem`, `checking` and `standing`, nothing else.
"""
