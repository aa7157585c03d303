//! The rules that turn facts into a [`Status`](crate::status::Status) and into the story of a rollout.
