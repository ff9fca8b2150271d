"""What the API says of things, as plain values: no more than staff read, and contact data never.

Made of what the packages' own queries give to this member; no Ninja here, so that other adapters use it too.
"""
