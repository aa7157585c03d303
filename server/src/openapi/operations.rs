//! Words for every route of the API.

use crate::permissions::Rule;

/// What an answer holds.
#[derive(Clone, Copy)]
pub(super) enum Gives {
    Nothing,
    Json(&'static str),
    Text,
    Socket,
}

/// Words for one route.
pub(super) struct Operation {
    method: &'static str,
    path: &'static str,
    pub(super) summary: &'static str,
    pub(super) query: &'static [(&'static str, &'static str, &'static str)],
    pub(super) list: bool,
    pub(super) takes: Option<&'static str>,
    pub(super) gives: &'static [(u16, Gives)],
}

const fn op(method: &'static str, path: &'static str, summary: &'static str, gives: &'static [(u16, Gives)]) -> Operation {
    Operation { method, path, summary, query: &[], list: false, takes: None, gives }
}

impl Operation {
    const fn takes(mut self, schema: &'static str) -> Self {
        self.takes = Some(schema);
        self
    }

    const fn asks(mut self, query: &'static [(&'static str, &'static str, &'static str)]) -> Self {
        self.query = query;
        self
    }

    const fn list(mut self) -> Self {
        self.list = true;
        self
    }
}

/// The words for a route, if it belongs to the API.
pub(super) fn find(rule: &Rule) -> Option<&'static Operation> {
    OPERATIONS.iter().find(|o| o.method == rule.method.as_str() && o.path == rule.path)
}

use Gives::{Json, Nothing, Socket, Text};

const CONFIRM: &[(&str, &str, &str)] = &[("confirm", "Confirm", "Where given, it must be the name.")];

static OPERATIONS: &[Operation] = &[
    op("GET", "/up", "200 once HTTP is served.", &[(200, Text)]),
    op("GET", "/healthy", "Whether the portal itself is well; 503 with the reason where not.", &[(200, Text), (503, Text)]),
    op("GET", "/metrics", "The portal's own metrics, as Prometheus text.", &[(200, Text)]),
    op("GET", "/api/v1/openapi.json", "This description.", &[(200, Json("any"))]),
    op("POST", "/api/v1/session", "Sign in: sets the session's cookie.", &[(201, Json("Me"))]).takes("Credentials"),
    op("GET", "/api/v1/session", "Who am I, and where may I what.", &[(200, Json("Me"))]),
    op("DELETE", "/api/v1/session", "Sign out.", &[(204, Nothing)]),
    op("GET", "/api/v1/live", "The WebSocket of the pages.", &[(101, Socket)]),
    op("GET", "/api/v1/namespaces", "The namespaces that I may see, with team and role.", &[(200, Json("NamespaceList"))]).list(),
    op("GET", "/api/v1/apps", "The apps of all my namespaces.", &[(200, Json("AppList"))]).list(),
    op("GET", "/api/v1/search", "Places that fit a query, best first, 20 at most: apps, namespaces, secrets and pages that I may see.", &[(200, Json("PlaceList"))]).asks(&[
        ("q", "string", "Words in any order, each with letters left out; 100 characters count."),
        ("namespace", "string", "Where I am: what is in this namespace comes first among equals."),
    ]),
    op("GET", "/api/v1/namespaces/{ns}/apps", "The apps of a namespace.", &[(200, Json("AppList"))]).list(),
    op(
        "POST",
        "/api/v1/namespaces/{ns}/apps",
        "Create an app. A dry run answers 200 with the verdict and creates nothing.",
        &[(200, Json("Plan")), (201, Json("AppId"))],
    )
    .takes("AppForm")
    .asks(&[("dryRun", "DryRun", "Only check.")]),
    op("GET", "/api/v1/namespaces/{ns}/apps/{kind}/{name}", "One app with its pods, events and endpoints.", &[(200, Json("AppDetail"))]),
    op(
        "DELETE",
        "/api/v1/namespaces/{ns}/apps/{kind}/{name}",
        "Delete an app and what the portal has created with it. The answer is 200 where the app is gone and its service or ingress is not.",
        &[(200, Json("Deleted")), (204, Nothing)],
    )
    .asks(CONFIRM),
    op("POST", "/api/v1/namespaces/{ns}/apps/{kind}/{name}/restart", "Start all pods anew.", &[(204, Nothing)]),
    op("POST", "/api/v1/namespaces/{ns}/apps/{kind}/{name}/scale", "Set the number of replicas.", &[(204, Nothing)]).takes("Scale"),
    op("POST", "/api/v1/namespaces/{ns}/apps/{kind}/{name}/rollback", "Go back to a revision.", &[(204, Nothing)]).takes("Rollback"),
    op("POST", "/api/v1/namespaces/{ns}/apps/{kind}/{name}/pause", "Hold the rollout, or suspend the job.", &[(204, Nothing)]),
    op("POST", "/api/v1/namespaces/{ns}/apps/{kind}/{name}/resume", "Go on.", &[(204, Nothing)]),
    op("GET", "/api/v1/namespaces/{ns}/apps/{kind}/{name}/logs", "The log as text, whole lines; streams with follow, made for curl -N. Lines that begin with \"# quayside: \" are remarks of the portal: why a container cannot be read, where lines are missing, and every 25 s of silence that the log still follows.", &[(200, Text)]).asks(
        &[
            ("follow", "Switch", "Go on as lines are written."),
            ("tailLines", "TailLines", "Lines from the end per container."),
            ("sinceSeconds", "SinceSeconds", "Only the last seconds."),
            ("pod", "ObjectName", "Only this pod."),
            ("container", "ObjectName", "Only this container."),
            ("previous", "Switch", "The container before the last restart."),
            ("timestamps", "Switch", "Each line begins with the time at which the node took it."),
        ],
    ),
    op("GET", "/api/v1/namespaces/{ns}/apps/{kind}/{name}/metrics", "CPU and memory as series.", &[(200, Json("AppMetrics"))]).asks(&[(
        "range",
        "15m|1h|6h|24h",
        "How much of the past; 1h where not given.",
    )]),
    op("PUT", "/api/v1/namespaces/{ns}/drafts/new-app", "Keep what I have typed into the form for a new app, for 14 days and without secrets, until I create the app.", &[(204, Nothing)]).takes("AppDraft"),
    op("DELETE", "/api/v1/namespaces/{ns}/drafts/new-app", "Throw my draft away.", &[(204, Nothing)]),
    op("GET", "/api/v1/namespaces/{ns}/secrets", "The secrets of a namespace, without values. Of more than 500 only the first 500 are listed, and the header Warning says so.", &[(200, Json("SecretList"))]).list(),
    op("POST", "/api/v1/namespaces/{ns}/secrets", "Create a secret. The answer has no body where the secret is made and could not be read back.", &[(201, Json("SecretInfo"))]).takes("SecretForm"),
    op("GET", "/api/v1/namespaces/{ns}/secrets/{name}", "One secret, without values.", &[(200, Json("SecretInfo"))]),
    op("PUT", "/api/v1/namespaces/{ns}/secrets/{name}", "Set and remove keys; all others stay. With version, only while the secret is at it, else 409. The answer is 204 where that is done and the secret could not be read back.", &[(200, Json("SecretInfo")), (204, Nothing)]).takes("SecretChange"),
    op("DELETE", "/api/v1/namespaces/{ns}/secrets/{name}", "Delete a secret.", &[(204, Nothing)]).asks(CONFIRM),
];
