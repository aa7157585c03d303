//! Watches the form for a new app.

mod apply;
mod make_secret;
mod panel;

use super::{form, words};
use crate::client::{api, dom};
use crate::islands::dotenv;
use crate::islands::draft::{self, Draft};
use domain::form::{AppWrong, EnvPart, Field, Finding, PortPart};
use domain::spec::{Collected, MAX_ENV, Source};
use domain::view::{Outcome, Plan, Remedy};
use domain::{FieldError, Language, Namespace, ProblemDetails};
use std::cell::RefCell;
use std::rc::Rc;
use wasm_bindgen::JsCast as _;
use web_sys::{Element, Event, HtmlElement, MouseEvent, SubmitEvent};

/// How long a person has to stop typing before the form is read, and before the cluster is asked.
const READ_MS: i32 = 200;
const CHECK_MS: i32 = 900;

const PORT_LABELS: [(&str, &str); 3] =
    [(PortPart::Name.slug(), "Name of port {}"), (PortPart::Port.slug(), "Number of port {}"), (PortPart::Protocol.slug(), "Protocol of port {}")];
const ENV_LABELS: [(&str, &str); 4] = [
    (EnvPart::Name.slug(), "Name of variable {}"),
    (EnvPart::From.slug(), "Source of variable {}"),
    (EnvPart::Value.slug(), "Value of variable {}, or the name of its secret or config map"),
    (EnvPart::Key.slug(), "Key for variable {}"),
];

struct NewApp {
    form: HtmlElement,
    namespace: Namespace,
    /// Fields that a person has been in; only these are marked before the first try to create.
    touched: Vec<Field>,
    tried: bool,
    busy: bool,
    /// Which change this is; answers for an older one are left aside.
    turn: u32,
    draft: Rc<Draft>,
    /// Fields that the last verdict warns of.
    warned: Vec<String>,
}

impl NewApp {
    /// A person has been in the field.
    fn touch(&mut self, field: Field) {
        if !self.touched.contains(&field) {
            self.touched.push(field);
        }
    }
}

type Shared = Rc<RefCell<NewApp>>;

/// Wakes the form.
pub(super) fn start(namespace: &Namespace) {
    let Some(form) = form::by_id("new-app") else { return };
    let typed = form.clone();
    let path = format!("/api/v1/namespaces/{namespace}/drafts/new-app");
    let draft = draft::start(&form, path, move || serde_json::to_string(&read(&typed).form).ok());
    let app = Rc::new(RefCell::new(NewApp {
        form: form.clone(),
        namespace: namespace.clone(),
        touched: Vec::new(),
        tried: false,
        busy: false,
        turn: 0,
        draft,
        warned: Vec::new(),
    }));
    for table in ["ports", "env"] {
        // One row to fill is enough where rows can be added.
        let mut rows = form::all(&form, &format!("[data-line={table}]"));
        while rows.len() > 1 && rows.last().is_some_and(is_empty) {
            if let Some(row) = rows.pop() {
                if rows.last().is_some_and(is_empty) {
                    row.remove();
                } else {
                    break;
                }
            }
        }
    }
    for name in ["[data-add]", "[data-remove]"] {
        for button in form::all(&form, name) {
            button.set_hidden(false);
        }
    }
    if let Some(check) = form::within(&form, "[data-check]") {
        check.set_hidden(true);
    }
    for row in form::all(&form, "[data-line=env]") {
        choosers(&row);
    }
    for field in form.get_attribute("data-left-out").unwrap_or_default().split(' ').filter_map(|path| form::by_id(&format!("f-{path}"))) {
        let _ = field.set_attribute("data-again", "");
    }
    listen(&app, &form);
    form::links_to_fields(&form);
    panel::follow(&form);
    let pasted = Rc::clone(&app);
    dotenv::start(&form, "[data-line=env] [data-f=name]", move |settings| paste(&pasted, settings));
    changed(&app);
}

/// Puts the lines of an `.env` file into rows.
fn paste(app: &Shared, settings: &[dotenv::Setting]) -> Result<(), String> {
    let form = app.borrow().form.clone();
    let all = dotenv::rows_with(&form, "[data-line=env] [data-f=name]", settings);
    if all > MAX_ENV {
        return Err(format!("That would be {all} variables. Use at most {MAX_ENV}."));
    }
    for setting in settings {
        let Some(row) = dotenv::row(&form, "env", "[data-f=name]", &setting.name, is_empty) else { continue };
        let texts =
            [(EnvPart::Name, setting.name.as_str()), (EnvPart::From, Source::Value.slug()), (EnvPart::Value, setting.value.as_str()), (EnvPart::Key, "")];
        for (part, value) in texts {
            dotenv::put(&row, part.slug(), value);
        }
        choosers(&row);
    }
    form::renumber(&form, "env", labels("env"));
    for named in form::all(&form, "[data-line=env] [data-f=name]").iter().filter_map(|f| field_of(f)) {
        app.borrow_mut().touch(named);
    }
    typed(app);
    Ok(())
}

/// Which field of the form an element is.
fn field_of(element: &Element) -> Option<Field> {
    Field::parse(&element.get_attribute("name")?)
}

fn is_empty(row: &HtmlElement) -> bool {
    form::all(row, "input[data-f]").iter().all(|f| form::value(f).trim().is_empty())
}

fn listen(app: &Shared, form: &Element) {
    for name in ["input", "change"] {
        let app = Rc::clone(app);
        form::on(form, name, move |event: Event| {
            if let Some(row) = dom::closest(&event, "[data-line=env]") {
                if dom::closest(&event, "[data-f=from]").is_some() {
                    forget_value(&row);
                }
                choosers(&row);
            }
            typed(&app);
        });
    }
    let left = Rc::clone(app);
    form::on(form, "focusout", move |event: Event| {
        let Some(field) = event.target().and_then(|t| t.dyn_into::<HtmlElement>().ok()) else { return };
        let Some(named) = field_of(&field) else { return };
        // A field that was only passed through says nothing yet.
        if !form::value(&field).is_empty() {
            left.borrow_mut().touch(named);
            changed(&left);
        }
    });
    let clicked = Rc::clone(app);
    form::on(form, "click", move |event: MouseEvent| {
        if let Some(button) = dom::closest(&event, "[data-add]") {
            add(&clicked, &button.get_attribute("data-add").unwrap_or_default());
        } else if let Some(button) = dom::closest(&event, "[data-remove]") {
            remove(&clicked, &button);
        } else if let Some(remedy) = dom::closest(&event, "[data-remedy]").and_then(|button| apply::remedy_of(&button)) {
            if let Remedy::Set { fields } = &remedy {
                apply::set(&clicked, fields);
            } else {
                make_secret::open(&clicked, &remedy);
            }
        }
    });
    let sent = Rc::clone(app);
    form::on(form, "submit", move |event: SubmitEvent| {
        event.prevent_default();
        create(&sent);
    });
}

fn labels(table: &str) -> &'static [(&'static str, &'static str)] {
    if Field::parse(table) == Some(Field::Ports) { &PORT_LABELS } else { &ENV_LABELS }
}

fn add(app: &Shared, table: &str) {
    let form = app.borrow().form.clone();
    if let Some(row) = form::add_row(&form, table) {
        form::renumber(&form, table, labels(table));
        if let Some(field) = form::within(&row, "[data-f]") {
            let _ = field.focus();
        }
    }
    typed(app);
}

fn remove(app: &Shared, button: &HtmlElement) {
    let form = app.borrow().form.clone();
    let Some(row) = button.closest("[data-line]").ok().flatten() else { return };
    let table = row.get_attribute("data-line").unwrap_or_default();
    if form::remove_row(&form, &row, &table, labels(&table)) {
        // Its rows have other numbers now.
        if let renumbered @ Some(_) = Field::parse(&table) {
            app.borrow_mut().touched.retain(|field| field.table() != renumbered);
        }
    }
    if let Some(add) = form::within(&form, &format!("[data-add={table}]")) {
        let _ = add.focus();
    }
    typed(app);
}

/// A value that was typed is no name of a secret: it is not to be kept as one when another source is chosen.
fn forget_value(row: &HtmlElement) {
    let (Some(from), Some(value)) = (form::part(row, EnvPart::From.slug()), form::part(row, EnvPart::Value.slug())) else { return };
    if Source::chosen(&form::value(&from)) != Some(Source::Value) && !value.has_attribute("list") {
        form::set_value(&value, "");
    }
}

/// The lists to choose from in a row of the environment follow its source.
fn choosers(row: &Element) {
    let part = |part: EnvPart| form::part(row, part.slug());
    let (Some(from), Some(value), Some(key)) = (part(EnvPart::From), part(EnvPart::Value), part(EnvPart::Key)) else { return };
    let (source, names) = match Source::chosen(&form::value(&from)) {
        Some(Source::Value) | None => {
            let _ = value.remove_attribute("list");
            let _ = value.remove_attribute("placeholder");
            return;
        }
        Some(source @ Source::Secret) => (source.slug(), "secret"),
        Some(source @ Source::ConfigMap) => (source.slug(), "config map"),
    };
    let _ = value.set_attribute("list", &format!("names-{source}"));
    let _ = value.set_attribute("placeholder", names);
    let _ = key.set_attribute("list", &format!("keys-{source}-{}", form::value(&value)));
}

fn read(form: &Element) -> Collected {
    Collected::read(form::all(form, "[name]").into_iter().filter_map(|f| Some((f.get_attribute("name")?, form::value(&f)))))
}

/// A person has changed something: it is looked at and kept.
fn typed(app: &Shared) {
    changed(app);
    app.borrow().draft.later();
}

/// Something was typed: reads the form soon, and asks the cluster a little later.
fn changed(app: &Shared) {
    let turn = {
        let mut a = app.borrow_mut();
        a.turn += 1;
        a.turn
    };
    let soon = Rc::clone(app);
    dom::later(READ_MS, move || {
        if soon.borrow().turn == turn {
            show(&soon);
        }
    });
    let later = Rc::clone(app);
    dom::later(CHECK_MS, move || {
        if later.borrow().turn == turn {
            check(&later, turn);
        }
    });
}

/// Fields that the draft has left out and that are still empty.
fn to_type_again(form: &Element) -> Vec<FieldError> {
    let empty = form::all(form, "[data-again]").into_iter().filter(|field| form::value(field).is_empty());
    empty.filter_map(|field| Some(FieldError::new(field.get_attribute("name")?, Language::English.type_again()))).collect()
}

/// Marks what needs a change, as far as a person has come.
fn show(app: &Shared) {
    let a = app.borrow();
    let got = read(&a.form);
    let wrong = got.meant().parse(a.namespace.clone()).err().unwrap_or_default();
    let errors = got.on_page(&Language::English.app_form(&wrong));
    // A whole table is no field that a person could have been in, so what is wrong with it is told at once.
    let is_told = |found: &Finding<AppWrong>| a.tried || found.field.is_table() || a.touched.contains(&got.field(&found.field));
    let shown: Vec<FieldError> = wrong.iter().zip(&errors).filter(|(found, _)| is_told(found)).map(|(_, error)| error.clone()).collect();
    form::mark(&a.form, &[shown.clone(), to_type_again(&a.form)].concat());
    apply::offer(&a.form, &got, &wrong.into_iter().map(|found| found.field).collect::<Vec<_>>(), &shown);
    panel::sections(&a.form, &shown, &errors, &a.warned);
    panel::probes(&a.form, &got.form);
    form::keep_summary(&words::summary(shown.len(), "create the app"), &shown);
    let why = match (shown.len(), errors.len()) {
        (0, 0) => String::new(),
        (0, _) => words::next(&got.form, &errors),
        (n, _) => words::fix(n),
    };
    panel::why(&a.form, &why, !shown.is_empty());
    if errors.is_empty() {
        panel::state("Checking…");
    } else {
        panel::state("Checks run once all fields are valid");
    }
}

/// Asks the cluster whether it would take all objects.
fn check(app: &Shared, turn: u32) {
    let (namespace, got) = {
        let a = app.borrow();
        (a.namespace.clone(), read(&a.form))
    };
    if app.borrow().busy || got.meant().parse(namespace.clone()).is_err() {
        return;
    }
    let Ok(json) = serde_json::to_string(&got.meant()) else { return };
    let app = Rc::clone(app);
    wasm_bindgen_futures::spawn_local(async move {
        let answer = api::call::<Plan>("POST", &format!("/api/v1/namespaces/{namespace}/apps?dryRun=true"), Some(json)).await;
        if app.borrow().turn != turn {
            return;
        }
        let form = app.borrow().form.clone();
        match answer {
            Ok(plan) => {
                panel::plan(&plan, |field| got.path(field));
                let refused: Vec<FieldError> = plan
                    .checks
                    .iter()
                    .filter(|c| c.outcome == Outcome::Fail)
                    .filter_map(|c| Some(FieldError::new(got.path(c.field.as_deref()?), format!("{}. {}", c.title.trim_end_matches('.'), c.advice))))
                    .collect();
                form::mark(&form, &[refused.clone(), to_type_again(&form)].concat());
                let warned: Vec<String> =
                    plan.checks.iter().filter(|c| c.outcome == Outcome::Warn).filter_map(|c| Some(got.path(c.field.as_deref()?))).collect();
                panel::sections(&form, &refused, &refused, &warned);
                app.borrow_mut().warned = warned;
                let (why, bad) = panel::verdict(&plan);
                panel::why(&form, &why, bad);
            }
            Err(problem) => panel::state(&problem.detail),
        }
    });
}

fn create(app: &Shared) {
    if app.borrow().busy {
        return;
    }
    let (form, namespace, got) = {
        let mut a = app.borrow_mut();
        a.tried = true;
        // What still waits to be looked at would take away what the cluster says to this try.
        a.turn += 1;
        (a.form.clone(), a.namespace.clone(), read(&a.form))
    };
    if let Err(errors) = got.meant().parse(namespace.clone()) {
        refuse(app, &got, &ProblemDetails::invalid(Language::English.app_form(&errors)));
        return;
    }
    let Ok(json) = serde_json::to_string(&got.meant()) else { return };
    busy(app, true);
    form::summary("", &[]);
    panel::why(&form, "Creating…", false);
    let app = Rc::clone(app);
    wasm_bindgen_futures::spawn_local(async move {
        match api::text("POST", &format!("/api/v1/namespaces/{namespace}/apps"), Some(json)).await {
            // Its page shows the rollout.
            Ok(_) => {
                app.borrow().draft.stop();
                dom::go(&format!("/apps/{namespace}/deployment/{}?created=1", got.form.name.trim()));
            }
            Err(problem) => {
                busy(&app, false);
                refuse(&app, &got, &problem);
            }
        }
    });
}

fn refuse(app: &Shared, got: &Collected, problem: &ProblemDetails) {
    let a = app.borrow();
    let errors = got.on_page(&problem.fields);
    form::mark(&a.form, &errors);
    apply::offer(&a.form, got, &problem.fields.iter().filter_map(|e| Field::parse(&e.field)).collect::<Vec<_>>(), &errors);
    panel::sections(&a.form, &errors, &errors, &[]);
    panel::state("Checks run again when you change a field");
    panel::why(&a.form, &if errors.is_empty() { words::outcome(problem).to_owned() } else { format!("Not created. {}", words::fix(errors.len())) }, true);
    if errors.is_empty() {
        form::refused(problem);
    } else {
        form::summary(&words::summary(errors.len(), "create the app"), &errors);
    }
}

fn busy(app: &Shared, on: bool) {
    let mut a = app.borrow_mut();
    a.busy = on;
    if let Some(button) = form::within(&a.form, "[data-create]") {
        let _ = if on { button.set_attribute("aria-busy", "true") } else { button.remove_attribute("aria-busy") };
    }
}
