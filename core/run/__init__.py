"""Run programs: step by step with every value kept, or at full speed."""
