"""The portal: what people see of their courses, how they join one, and how a course run is looked after."""
