//! A label selector with its expressions.

use crate::text::{SHORT, cut};
use domain::facts::Labels;
use domain::kubernetes::words::LabelOperator;
use k8s_openapi::apimachinery::pkg::apis::meta::v1::LabelSelector;

/// Most pairs and expressions that are kept, and most values of one. A selector with more selects nothing here: to say
/// nothing of a policy is better than to name the wrong one.
const MOST: usize = 50;

/// A selector.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Selector {
    labels: Labels,
    expressions: Vec<Expression>,
    /// It has more than is kept.
    cut: bool,
}

#[derive(Clone, Debug, PartialEq, Eq)]
struct Expression {
    key: String,
    operator: Operator,
    values: Vec<String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Operator {
    In,
    NotIn,
    Exists,
    Absent,
}

impl Selector {
    /// What is kept of the API's selector.
    pub(crate) fn of(selector: LabelSelector) -> Self {
        let labels = selector.match_labels.unwrap_or_default();
        let expressions = selector.match_expressions.unwrap_or_default();
        let many = |e: &k8s_openapi::apimachinery::pkg::apis::meta::v1::LabelSelectorRequirement| e.values.as_ref().is_some_and(|v| v.len() > MOST);
        if labels.len() > MOST || expressions.len() > MOST || expressions.iter().any(many) {
            return Self { cut: true, ..Self::default() };
        }
        let text = |t: String| cut(t, SHORT);
        let read = expressions.into_iter().map(|e| {
            let operator = match LabelOperator::from(e.operator) {
                LabelOperator::In => Operator::In,
                LabelOperator::NotIn => Operator::NotIn,
                LabelOperator::Exists => Operator::Exists,
                LabelOperator::DoesNotExist => Operator::Absent,
                LabelOperator::Gt | LabelOperator::Lt | LabelOperator::Other(_) => return None,
            };
            Some(Expression { key: text(e.key), operator, values: e.values.into_iter().flatten().map(text).collect() })
        });
        match read.collect() {
            Some(expressions) => Self { labels: labels.into_iter().map(|(k, v)| (text(k), text(v))).collect(), expressions, cut: false },
            None => Self { cut: true, ..Self::default() },
        }
    }

    /// Bytes of its texts.
    pub(crate) fn weight(&self) -> usize {
        let labels: usize = self.labels.iter().map(|(k, v)| k.len() + v.len()).sum();
        labels + self.expressions.iter().map(|e| e.key.len() + e.values.iter().map(String::len).sum::<usize>()).sum::<usize>()
    }

    /// Whether it selects what has these labels; an empty one selects everything.
    pub(crate) fn selects(&self, labels: &Labels) -> bool {
        !self.cut
            && self.labels.iter().all(|(k, v)| labels.get(k) == Some(v))
            && self.expressions.iter().all(|e| {
                let has = labels.get(&e.key);
                match e.operator {
                    Operator::In => has.is_some_and(|v| e.values.contains(v)),
                    Operator::NotIn => has.is_none_or(|v| !e.values.contains(v)),
                    Operator::Exists => has.is_some(),
                    Operator::Absent => has.is_none(),
                }
            })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_selector_means_what_kubernetes_means() {
        let selects = |selector: serde_json::Value, labels: &[(&str, &str)]| {
            let labels = labels.iter().map(|(k, v)| ((*k).to_owned(), (*v).to_owned())).collect();
            Selector::of(serde_json::from_value(selector).unwrap()).selects(&labels)
        };
        let shop = [("app", "shop"), ("tier", "web")];
        assert!(selects(json!({}), &shop) && selects(json!({}), &[]));
        assert!(selects(json!({"matchLabels": {"app": "shop"}}), &shop) && !selects(json!({"matchLabels": {"app": "db"}}), &shop));
        let expression =
            |operator: &str, key: &str, values: serde_json::Value| json!({"matchExpressions": [{"key": key, "operator": operator, "values": values}]});
        assert!(selects(expression("In", "tier", json!(["web", "api"])), &shop) && !selects(expression("In", "zone", json!(["a"])), &shop));
        assert!(selects(expression("NotIn", "zone", json!(["a"])), &shop) && !selects(expression("NotIn", "tier", json!(["web"])), &shop));
        assert!(selects(expression("Exists", "app", json!(null)), &shop) && !selects(expression("DoesNotExist", "app", json!(null)), &shop));
        assert!(!selects(expression("Like", "app", json!(["s"])), &shop), "what is not known is not claimed");
        let long: Vec<_> = (0..60).map(|n| n.to_string()).collect();
        assert!(!selects(expression("NotIn", "app", json!(long)), &shop));
    }
}
