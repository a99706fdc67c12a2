"""A form asked question by question, for chats that have no forms of their own.

`talk` is the form as a person meets it, and names what a platform must be able to show. `place`
says where somebody is in it and is kept with their draft, `sessions` finds what is being filled in,
`steps` are what taps and words do to it, `values` reads what was typed. How a question is drawn,
and what its buttons carry, is the platform's.
"""
