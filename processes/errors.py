"""What can keep the system from starting, said so that a clerk's colleague can mend it?"""


class CannotStart(Exception):
    """A reason for not starting; the text is whole Chinese sentences and names what to change."""
