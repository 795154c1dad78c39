"""The parts of the window: each shows a frame and says what a person asks for; none knows the session or another."""
