//! The timetable engine.
