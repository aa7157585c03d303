//! Words for every route of the API.

use crate::permissions::Rule;
use domain::live::PAGE_HEADER;

/// What an answer holds.
#[derive(Clone, Copy)]
pub(super) enum Gives {
    Nothing,
    Json(&'static str),
    Text,
    /// A line of JSON after the other, each of this shape.
    Lines(&'static str),
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
    /// Headers of the answers, and what they hold.
    pub(super) headers: &'static [(&'static str, &'static str)],
}

const fn op(method: &'static str, path: &'static str, summary: &'static str, gives: &'static [(u16, Gives)]) -> Operation {
    Operation { method, path, summary, query: &[], list: false, takes: None, gives, headers: &[] }
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

    const fn tells(mut self, headers: &'static [(&'static str, &'static str)]) -> Self {
        self.headers = headers;
        self
    }
}

/// The words for a route, if it belongs to the API.
pub(super) fn find(rule: &Rule) -> Option<&'static Operation> {
    OPERATIONS.iter().find(|o| o.method == rule.method.as_str() && o.path == rule.path)
}

use Gives::{Json, Lines, Nothing, Socket, Text};

const CONFIRM: &[(&str, &str, &str)] = &[("confirm", "Confirm", "If given, must equal the name.")];

const CHANGED: &[(&str, &str)] = &[(
    "Quayside-Operation",
    "Number of the operation, which tells what becomes of the change. With Prefer: respond-async, the answer is 202 with its address in Location.",
)];

const PAGE: &[(&str, &str)] =
    &[(PAGE_HEADER, "Path of the portal's page that says what was done, below the base path. Sealed for the browser's session only.")];

const SEEN: &[(&str, &str, &str)] =
    &[("seen", "Moment", "The changed value of the draft last loaded or saved here. If a different draft was stored since, the answer says it was replaced.")];

static OPERATIONS: &[Operation] = &[
    op("GET", "/up", "200 once HTTP is served.", &[(200, Text)]),
    op("GET", "/healthy", "Health of the portal itself; 503 with the reason if unhealthy.", &[(200, Text), (503, Text)]),
    op("GET", "/metrics", "The portal's own metrics in Prometheus format.", &[(200, Text)]),
    op("GET", "/api/v1/openapi.json", "This description.", &[(200, Json("any"))]),
    op("POST", "/api/v1/session", "Sign in; sets the session cookie.", &[(201, Json("Me"))]).takes("Credentials"),
    op("GET", "/api/v1/session", "The signed-in user and their access.", &[(200, Json("Me"))]),
    op("DELETE", "/api/v1/session", "Sign out.", &[(204, Nothing)]),
    op("GET", "/api/v1/live", "The WebSocket for live updates.", &[(101, Socket)]),
    op("GET", "/api/v1/namespaces", "Namespaces the user can see, with team and role.", &[(200, Json("NamespaceList"))]).list(),
    op("GET", "/api/v1/apps", "Apps in all namespaces the user can see.", &[(200, Json("AppList"))]).list(),
    op("GET", "/api/v1/search", "Search apps, namespaces, secrets, and pages the user can see; at most 20 results, best first.", &[(200, Json("PlaceList"))]).asks(&[
        ("q", "string", "Words in any order, matched fuzzily; only the first 100 characters count."),
        ("namespace", "string", "Current namespace; its results win ties."),
    ]),
    op("GET", "/api/v1/operations", "Changes of apps in all namespaces the user can see, newest first: those under way, and those that ended in the last 14 days.", &[(200, Json("OperationList"))]).list().asks(&[
        ("namespace", "Namespace", "Only those in this namespace."),
        ("app", "AppName", "Only those of this app."),
        ("open", "Switch", "Only those that haven't ended."),
    ]),
    op("GET", "/api/v1/operations/{id}", "One change of an app. Returns 404 as well for those in namespaces the user can't see.", &[(200, Json("Operation"))]),
    op("GET", "/api/v1/operations/{id}/events", "What happens to a change, as lines of JSON for use with curl -N: one for each step, one after every 10 s of silence, and the verdict, which is the last. A stream that ends without a verdict, because the portal restarts or the user may no longer see the app, is cut, so that curl fails with exit code 18.", &[(200, Lines("OperationEvent"))]),
    op("GET", "/api/v1/namespaces/{ns}/apps", "Apps in a namespace.", &[(200, Json("AppList"))]).list(),
    op(
        "POST",
        "/api/v1/namespaces/{ns}/apps",
        "Create an app. A dry run returns 200 with the verdict and creates nothing.",
        &[(200, Json("Plan")), (201, Json("AppId")), (202, Nothing)],
    )
    .takes("AppForm")
    .tells(CHANGED)
    .asks(&[("dryRun", "DryRun", "Only run the checks.")]),
    op("GET", "/api/v1/namespaces/{ns}/apps/{kind}/{name}", "One app with its pods, events, and endpoints.", &[(200, Json("AppDetail"))]),
    op(
        "DELETE",
        "/api/v1/namespaces/{ns}/apps/{kind}/{name}",
        "Delete an app and what the portal created with it. Returns 200 if the app is gone but its service or ingress isn't.",
        &[(200, Json("Deleted")), (202, Nothing), (204, Nothing)],
    )
    .asks(CONFIRM)
    .tells(CHANGED),
    op("POST", "/api/v1/namespaces/{ns}/apps/{kind}/{name}/restart", "Restart all pods.", &[(202, Nothing), (204, Nothing)]).tells(CHANGED),
    op("POST", "/api/v1/namespaces/{ns}/apps/{kind}/{name}/scale", "Set the number of replicas.", &[(202, Nothing), (204, Nothing)]).tells(CHANGED).takes("Scale"),
    op("POST", "/api/v1/namespaces/{ns}/apps/{kind}/{name}/rollback", "Roll back to a revision.", &[(202, Nothing), (204, Nothing)]).tells(CHANGED).takes("Rollback"),
    op("POST", "/api/v1/namespaces/{ns}/apps/{kind}/{name}/pause", "Pause the rollout, or suspend the job.", &[(202, Nothing), (204, Nothing)]).tells(CHANGED),
    op("POST", "/api/v1/namespaces/{ns}/apps/{kind}/{name}/resume", "Resume the rollout or the job.", &[(202, Nothing), (204, Nothing)]).tells(CHANGED),
    op("GET", "/api/v1/namespaces/{ns}/apps/{kind}/{name}/logs", "The log as text in whole lines; streams with follow, for use with curl -N. Lines that start with \"# quayside: \" are notes from the portal: why it can't read a container, where lines are missing, and, after every 25 s of silence, that it's still following.", &[(200, Text)]).asks(
        &[
            ("follow", "Switch", "Keep streaming new lines."),
            ("tailLines", "TailLines", "Lines from the end per container."),
            ("sinceSeconds", "SinceSeconds", "Only this many last seconds."),
            ("pod", "ObjectName", "Only this pod."),
            ("container", "ObjectName", "Only this container."),
            ("previous", "Switch", "The container from before the last restart."),
            ("timestamps", "Switch", "Prefix each line with the time the node received it."),
        ],
    ),
    op("GET", "/api/v1/namespaces/{ns}/apps/{kind}/{name}/metrics", "CPU and memory as time series.", &[(200, Json("AppMetrics"))]).asks(&[
        ("range", "15m|1h|6h|24h", "Time range; 1h by default."),
        ("from", "Moment", "Start of a window; replaces range and needs to."),
        ("to", "Moment", "End of the window, between a minute and a day after from."),
    ]),
    op("PUT", "/api/v1/namespaces/{ns}/drafts/new-app", "Save the new-app form as a draft, without secrets, for 14 days or until the app is created. The newest draft wins.", &[(200, Json("DraftKept"))])
        .takes("AppDraft")
        .asks(SEEN),
    op("DELETE", "/api/v1/namespaces/{ns}/drafts/new-app", "Discard the draft.", &[(204, Nothing)]),
    op("PUT", "/api/v1/namespaces/{ns}/drafts/new-secret", "Save the names in the new-secret form as a draft, for 14 days or until that secret is created. It has no place for values.", &[(200, Json("DraftKept"))])
        .takes("SecretDraft")
        .asks(SEEN),
    op("DELETE", "/api/v1/namespaces/{ns}/drafts/new-secret", "Discard the draft.", &[(204, Nothing)]),
    op("GET", "/api/v1/namespaces/{ns}/secrets", "Secrets in a namespace, without values. Lists at most 500 and then sets the Warning header.", &[(200, Json("SecretList"))]).list(),
    op("POST", "/api/v1/namespaces/{ns}/secrets", "Create a secret. The body is empty if the secret was created but couldn't be read back.", &[(201, Json("SecretInfo"))]).takes("SecretForm").tells(PAGE),
    op("GET", "/api/v1/namespaces/{ns}/secrets/{name}", "One secret, without values.", &[(200, Json("SecretInfo"))]),
    op("PUT", "/api/v1/namespaces/{ns}/secrets/{name}", "Set and remove keys; all others stay. With version, returns 409 unless the secret is at that version. Returns 204 if the change was made but the secret couldn't be read back.", &[(200, Json("SecretInfo")), (204, Nothing)]).takes("SecretChange"),
    op("DELETE", "/api/v1/namespaces/{ns}/secrets/{name}", "Delete a secret.", &[(204, Nothing)]).asks(CONFIRM),
];
