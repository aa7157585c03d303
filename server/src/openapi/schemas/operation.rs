//! The shapes of operations.

use super::Fields;

pub(super) const NAMES: &[(&str, &str)] =
    &[("OperationState", "accepted|checking|applying|waiting|succeeded|failed|taken_back|unknown"), ("Piece", "service|ingress|deployment")];

pub(super) const SHAPES: &[(&str, Fields)] = &[
    ("OperationList", &[("items", "[Operation]"), ("continue", "string~")]),
    (
        "Operation",
        &[
            ("id", "integer"),
            ("app", "AppId"),
            ("action", "create|delete|pause|restart|resume|rollback|scale"),
            ("title", "string"),
            ("by", "string"),
            ("why", "string~"),
            ("state", "OperationState"),
            ("begun", "UnixMs"),
            ("moved", "UnixMs"),
            ("progress", "[OperationProgress]"),
            ("verdict", "OperationVerdict?"),
        ],
    ),
    ("OperationProgress", &[("at", "UnixMs"), ("code", "string"), ("sentence", "string")]),
    ("OperationVerdict", &[("code", "string"), ("cause", "string~"), ("sentence", "string"), ("evidence", "[Evidence]"), ("there", "[Piece]")]),
    (
        "OperationEvent",
        &[
            ("event", "progress|alive|verdict"),
            ("state", "OperationState"),
            ("at", "UnixMs"),
            ("code", "string~"),
            ("sentence", "string~"),
            ("verdict", "OperationVerdict?~"),
        ],
    ),
];
