use super::change::demanded;
use super::*;
use crate::page::Refused;
use crate::render_tests::bare_frame;
use domain::secret::{KeyInfo, SecretUser};
use domain::{AppId, Kind, WorkloadName};

const EVIL: &str = "\"><script>alert(1)</script>";

fn frame(query: &[(&str, &str)]) -> Frame {
    let query = query.iter().map(|(k, v)| ((*k).to_owned(), (*v).to_owned())).collect();
    Frame { query, embed: true, ..bare_frame("/secrets") }
}

fn secret(name: &str, key: &str) -> SecretInfo {
    let app = AppId { namespace: Namespace::parse("web").unwrap(), kind: Kind::Deployment, name: WorkloadName::parse("loklak-server").unwrap() };
    SecretInfo {
        namespace: Namespace::parse("web").unwrap(),
        name: name.to_owned(),
        kind: "Opaque".to_owned(),
        created: UnixMs(0),
        keys: vec![KeyInfo { key: key.to_owned(), size: 24, binary: false, fingerprint: "9f2ce710aa10".to_owned() }],
        users: vec![SecretUser { app, how: format!("env ES_PASSWORD {EVIL}"), old: false }],
        managed_by: Some(EVIL.to_owned()),
        immutable: false,
        version: "77".to_owned(),
        hosts: Vec::new(),
        certificate: None,
        changed: None,
        fault: None,
    }
}

fn html(render: impl FnOnce() -> AnyView) -> String {
    Owner::new().with(|| render().to_html())
}

#[test]
fn hostile_names_stay_text() {
    let web = Namespace::parse("web").unwrap();
    let problems = [(web.clone(), ProblemDetails::new(domain::Code::ClusterRefused, "evil", EVIL))];
    let frame = frame(&[("q", "")]);
    let list = html(|| view(&frame, None, &[secret(EVIL, EVIL)], std::slice::from_ref(&web), &problems, None));
    let one = html(|| one(&frame, &secret(EVIL, EVIL), true, None, None));
    for page in [&list, &one] {
        assert!(!page.contains("<script>"), "{page}");
        assert!(page.contains("9f2c"));
    }
    assert!(one.contains("action=\"/team/portal/secrets/web/%22%3E%3Cscript%3Ealert%281%29%3C/script%3E/delete?form=delete&amp;embed=1\""), "{one}");
}

#[test]
fn fields_for_values_are_empty_hidden_and_not_kept_and_take_several_lines() {
    let page = html(|| one(&frame(&[]), &secret("es", "password"), true, None, None));
    let fields: Vec<_> = page.split("<textarea").skip(1).collect();
    assert_eq!(fields.len(), 2);
    for field in fields {
        let (head, text) = field.split_once('>').unwrap();
        assert!(head.contains("autocomplete=\"off\"") && head.contains("masked"), "{head}");
        assert!(text.starts_with("</textarea>"), "{text}");
    }
}

#[test]
fn a_page_says_what_it_can_of_a_secret_without_its_values() {
    let mut pull = secret("pull", ".dockerconfigjson");
    pull.kind = "kubernetes.io/dockerconfigjson".to_owned();
    pull.hosts = vec!["registry.local:5000".to_owned()];
    pull.keys.push(KeyInfo { key: "keystore".to_owned(), size: 9, binary: true, fingerprint: "aa".to_owned() });
    let page = html(|| one(&frame(&[]), &pull, true, None, None));
    assert!(page.contains("registry.local:5000") && page.contains(", binary"), "{page}");
    assert!(!page.contains("Remove .dockerconfigjson") && page.contains("Remove keystore"), "a key that the type needs stays");
    assert_eq!(page.matches("name=\"fingerprint\"").count(), 2, "one that replaces, one that removes");
    assert!(page.contains("Replace credentials") && page.contains("value=\"registry.local:5000\""), "{page}");
    pull.keys.clear();
    let list = html(|| view(&frame(&[]), None, &[pull], &[], &[], None));
    assert!(list.contains("No keys"));
    for (kind, key) in [("kubernetes.io/basic-auth", "password"), ("kubernetes.io/ssh-auth", "ssh-privatekey"), ("kubernetes.io/dockercfg", ".dockercfg")] {
        assert!(demanded(kind, key) && !demanded("Opaque", key));
    }
}

#[test]
fn deleting_is_closed_until_it_is_asked_for() {
    let page = html(|| one(&frame(&[]), &secret("es", "password"), true, None, None));
    let form = page.find("/delete?form=delete").unwrap();
    let around = &page[page[..form].rfind("<details").unwrap()..form];
    assert!(!around.contains("open") && around.contains("Delete…") && !around.contains("btn-danger"), "{around}");
    let typed = vec![("confirm".to_owned(), "other".to_owned())];
    let refused = Refused { form: "delete".into(), problem: ProblemDetails::invalid(vec![domain::FieldError::new("confirm", "Type es to delete it.")]), typed };
    let page = html(|| one(&frame(&[]), &secret("es", "password"), true, None, Some(&refused)));
    let form = page.find("/delete?form=delete").unwrap();
    assert!(page[page[..form].rfind("<details").unwrap()..form].contains(" open"), "what was wrong is in sight");
}

#[test]
fn a_form_that_was_sent_after_the_session_is_open_again_and_empty() {
    let page = html(|| one(&frame(&[("unsaved", "key-0")]), &secret("es", "password"), true, None, None));
    assert!(page.contains("You were signed out before this was saved. Type the value again.") && !page.contains("banner-bad"), "{page}");
    let form = page.find("/key?form=key-0").unwrap();
    assert!(page[page[..form].rfind("<details").unwrap()..form].contains(" open"));
    let mut pull = secret("pull", ".dockerconfigjson");
    (pull.kind, pull.hosts) = ("kubernetes.io/dockerconfigjson".to_owned(), vec!["registry.local:5000".to_owned()]);
    let page = html(|| one(&frame(&[("unsaved", "replace")]), &pull, true, None, None));
    assert!(page.contains("value=\"registry.local:5000\""));
}

#[test]
fn apps_that_run_with_the_old_value_are_named_with_a_button_each() {
    let mut changed = secret("es", "password");
    (changed.changed, changed.users[0].old) = (Some(UnixMs(-60_000)), true);
    let page = html(|| one(&frame(&[]), &changed, true, None, None));
    assert!(page.contains("Started before the last change") && page.contains("action=\"/team/portal/apps/web/deployment/loklak-server/restart"), "{page}");
    let viewer = html(|| one(&frame(&[]), &changed, false, None, None));
    assert!(viewer.contains("Started before the last change") && !viewer.contains("/restart"));
    changed.users[0].old = false;
    assert!(!html(|| one(&frame(&[]), &changed, true, None, None)).contains("Started before"));
}

#[test]
fn a_pair_is_replaced_in_one_form_with_its_names_and_its_end() {
    let mut tls = secret("cert", "tls.crt");
    tls.kind = "kubernetes.io/tls".to_owned();
    let expires = UnixMs(10 * 86_400_000);
    tls.certificate = Some(domain::secret::CertificateInfo { names: vec!["shop.example.org".to_owned()], expires });
    let page = html(|| one(&frame(&[]), &tls, true, None, None));
    assert!(page.contains("shop.example.org") && page.contains("expires in 10 d") && page.contains("c-warn"), "{page}");
    assert!(page.contains("name=\"certificate\"") && page.contains("name=\"private_key\"") && page.contains("name=\"kind\" value=\"tls\""));
    assert!(!page.contains("Replace tls.crt"), "no half alone");
}

#[test]
fn a_refused_key_comes_back_with_its_error_and_without_its_value() {
    let problem = ProblemDetails::invalid(vec![domain::FieldError::new("key", "A key has no spaces.")]);
    let typed = vec![("key".to_owned(), "my key".to_owned())];
    let refused = Refused { form: "add".to_owned(), problem, typed };
    let page = html(|| one(&frame(&[]), &secret("es", "password"), true, None, Some(&refused)));
    assert!(page.contains("<details open class=\"mt-3\""), "{page}");
    assert!(page.contains("value=\"my key\"") && page.contains("id=\"f-add-key-e\"") && page.contains("aria-describedby=\"f-add-key-e\""));
}

#[test]
fn who_may_not_change_reads_why() {
    let page = html(|| one(&frame(&[]), &secret("es", "password"), false, None, None));
    assert!(!page.contains("<form"));
    assert!(page.contains("operator role"));
}

#[test]
fn nobody_reads_that_there_are_none_where_the_cluster_is_away() {
    let web = Namespace::parse("web").unwrap();
    let problems = [(web.clone(), ProblemDetails::new(domain::Code::ClusterAway, "cluster_away", "The cluster does not answer."))];
    let page = html(|| view(&frame(&[]), None, &[], std::slice::from_ref(&web), &problems, None));
    assert!(page.contains("The cluster does not answer.") && !page.contains("No secrets yet"));
}

#[test]
fn the_filter_finds_names_keys_and_apps() {
    let web = Namespace::parse("web").unwrap();
    let all = [secret("loklak-es", "password"), secret("old", "token")];
    let page = |q| html(|| view(&frame(&[("q", q)]), Some(&web), &all, &[], &[], None));
    assert!(page("TOKEN").contains("web/old") && !page("TOKEN").contains("web/loklak-es"));
    assert!(page("loklak-server").contains("web/old"));
    assert!(page("mosq").contains("No secrets match mosq"));
}
