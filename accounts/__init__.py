"""Who you are: the user, sign-in and its pages."""
