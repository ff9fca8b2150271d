"""Who could help with what: an explained score, and a whole week at once. Pure, but for `offers` and `weeks`.

`score` says how well one person fits one need, in parts that add up; `solving` finds the best of a whole week by
OR-Tools (imported there only); `offers` reads the rows; `weeks` asks for a plan, shows it and sends invitations.
Nobody is ever ordered anywhere (志愿服务条例 25): what comes of it are invitations, looked at by a person.
"""
