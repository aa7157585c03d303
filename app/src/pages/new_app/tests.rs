use super::*;
use crate::render_tests::bare_frame;
use domain::spec::EnvForm;
use domain::view::{CheckView, Outcome};

const EVIL: &str = "\"><script>alert(1)</script>";

fn html(form: &AppForm, errors: &[FieldError], plan: Option<&Plan>) -> String {
    let frame = bare_frame("/new-app/web");
    let web = Namespace::parse("web").unwrap();
    let secrets =
        [("loklak-es".to_owned(), "Opaque".to_owned(), vec!["password".to_owned()]), (EVIL.to_owned(), "kubernetes.io/tls".to_owned(), vec![EVIL.to_owned()])];
    let choices = Choices { secrets: &secrets, config_maps: &[], incomplete: Some("There are more.") };
    Owner::new().with(|| view(&frame, &web, std::slice::from_ref(&web), Filled { form, draft: None, left_out: &[], errors, plan }, choices).to_html())
}

#[test]
fn what_was_typed_comes_back_as_text() {
    let form = AppForm {
        name: EVIL.to_owned(),
        env: vec![EnvForm { name: EVIL.to_owned(), value: EVIL.to_owned(), ..EnvForm::default() }],
        args: format!("</textarea>{EVIL}"),
        ..AppForm::default()
    };
    let plan = Plan {
        checks: vec![CheckView {
            outcome: Outcome::Fail,
            code: EVIL.into(),
            title: EVIL.to_owned(),
            advice: EVIL.to_owned(),
            field: Some(EVIL.to_owned()),
            remedy: None,
        }],
        yaml: format!("</pre>{EVIL}"),
    };
    let html = html(&form, &[FieldError::new("name", EVIL), FieldError::new(EVIL, EVIL)], Some(&plan));
    assert!(!html.contains("<script>"), "{html}");
    assert!(!html.contains("</textarea>\""));
    assert!(html.contains("action=\"/team/portal/new-app/web\""));
}

#[test]
fn the_page_can_say_that_the_session_has_ended_without_leaving() {
    let html = html(&AppForm::default(), &[], None);
    let said = &html[html.find("data-signed-out").expect("a banner")..];
    assert!(said[..said.find("</div>").unwrap()].contains("href=\"/team/portal/signin\" target=\"_blank\""), "{said}");
}

#[test]
fn a_secret_can_be_chosen_by_its_type_or_typed() {
    let html = html(&AppForm::default(), &[], None);
    assert!(html.contains("There are more."));
    for (field, list) in [("pullSecret", "names-pull"), ("ingressTlsSecret", "names-tls")] {
        let input = html.split("<input").find(|i| i.contains(&format!("name=\"{field}\""))).expect("a field to type in");
        assert!(input.contains(&format!("list=\"{list}\"")) && html.contains(&format!("<datalist id=\"{list}\">")), "{input}");
    }
}

#[test]
fn an_error_is_tied_to_its_field() {
    let html = html(
        &AppForm { env: vec![EnvForm::default(); 2], ..AppForm::default() },
        &[FieldError::new("env.1.key", "Secret loklak-es has no key passwrd.")],
        None,
    );
    assert!(html.contains("href=\"#f-env.1.key\""));
    assert!(html.contains("aria-describedby=\"f-env.1.key-e\""));
    assert_eq!(html.matches("aria-invalid=\"true\"").count(), 1);
}

#[test]
fn an_empty_form_has_sensible_values_and_rows_to_spare() {
    let html = html(&AppForm::default(), &[], None);
    for part in ["value=\"1\"", "value=\"100m\"", "value=\"128Mi\"", "name=\"ports.1.port\"", "name=\"env.1.key\"", "value=\"ClusterIP\" selected"] {
        assert!(html.contains(part), "{part}");
    }
}
