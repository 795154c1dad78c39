"""Stand panels in docks and boxes, and fold them where room is short."""
