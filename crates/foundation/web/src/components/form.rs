//! Forms and buttons. A form that changes something is always a POST with the session's token; `app.ts` guards it
//! against being sent twice.

use maud::{Markup, Render, html};

use super::Icon;

/// A form around its fields.
///
/// ```
/// # use maud::html;
/// # use web::components::*;
/// let form = Form::post("/apply/1/submit", "token-of-the-session")
///     .dirty_check()
///     .body(html! { (text_input(&Field::new("name", "姓名"))) (Button::primary("提交申请")) });
/// assert!(form.into_string().contains(r#"name="_token" value="token-of-the-session""#));
/// ```
#[derive(Clone, Debug)]
pub struct Form {
    action: String,
    token: Option<String>,
    id: Option<String>,
    class: &'static str,
    multipart: bool,
    dirty_check: bool,
}

impl Form {
    /// A form that changes something; `token` is the session's request token, sent as `_token`.
    pub fn post(action: impl Into<String>, token: impl Into<String>) -> Form {
        Form {
            action: action.into(),
            token: Some(token.into()),
            id: None,
            class: "form",
            multipart: false,
            dirty_check: false,
        }
    }

    /// A form that only asks (search, filters); its answers stand in the address.
    pub fn get(action: impl Into<String>) -> Form {
        Form {
            action: action.into(),
            token: None,
            id: None,
            class: "form",
            multipart: false,
            dirty_check: false,
        }
    }

    /// Carries files; shows upload progress where scripts run.
    pub fn upload(self) -> Form {
        Form {
            multipart: true,
            ..self
        }
    }

    /// Warns before leaving with unsaved changes.
    pub fn dirty_check(self) -> Form {
        Form {
            dirty_check: true,
            ..self
        }
    }

    /// An element id, so that a button elsewhere can name it.
    pub fn id(self, id: impl Into<String>) -> Form {
        Form {
            id: Some(id.into()),
            ..self
        }
    }

    /// Fields and buttons in one line: one box and its button.
    pub fn inline(self) -> Form {
        Form {
            class: "form form--inline",
            ..self
        }
    }

    /// The form around its fields.
    pub fn body(self, content: Markup) -> Markup {
        html! {
            form class=(self.class) id=[self.id.as_deref()] action=(self.action)
                method=(if self.token.is_some() { "post" } else { "get" })
                enctype=[self.multipart.then_some("multipart/form-data")] novalidate
                data-upload-form[self.multipart] data-dirty-check[self.dirty_check] {
                @if let Some(token) = &self.token { input type="hidden" name="_token" value=(token); }
                (content)
            }
        }
    }
}

/// The short way to [`Form::post`].
pub fn form(action: &str, token: &str, content: Markup) -> Markup {
    Form::post(action, token).body(content)
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum ButtonKind {
    Primary,
    Secondary,
    Warning,
    Link,
}

/// A button, or a link that looks like one. Verbs, short; one primary button per page at the most.
///
/// ```
/// # use web::components::*;
/// # use maud::Render;
/// let send = Button::primary("提交申请").name("act", "submit").icon(Icon::Send);
/// let leave = Button::link("返回修改").href("/apply/1/form");
/// assert!(button_row([send.render(), leave.render()]).into_string().contains("<button"));
/// ```
#[derive(Clone, Debug)]
pub struct Button {
    kind: ButtonKind,
    label: String,
    about: Option<String>,
    icon: Option<Icon>,
    href: Option<String>,
    name: Option<(String, String)>,
    form: Option<String>,
    formaction: Option<String>,
    id: Option<String>,
    print: bool,
    disabled: bool,
    small: bool,
}

impl Button {
    fn new(kind: ButtonKind, label: impl Into<String>) -> Button {
        Button {
            kind,
            label: label.into(),
            about: None,
            icon: None,
            href: None,
            name: None,
            form: None,
            formaction: None,
            id: None,
            print: false,
            disabled: false,
            small: false,
        }
    }

    /// The one main act of the page, in action green.
    pub fn primary(label: impl Into<String>) -> Button {
        Button::new(ButtonKind::Primary, label)
    }

    /// Any other act.
    pub fn secondary(label: impl Into<String>) -> Button {
        Button::new(ButtonKind::Secondary, label)
    }

    /// An act that destroys or refuses.
    pub fn warning(label: impl Into<String>) -> Button {
        Button::new(ButtonKind::Warning, label)
    }

    /// A rarer act, drawn like a link.
    pub fn link(label: impl Into<String>) -> Button {
        Button::new(ButtonKind::Link, label)
    }

    /// A secondary button that prints the page; it only shows where scripts run.
    pub fn print(label: impl Into<String>) -> Button {
        Button {
            print: true,
            icon: Some(Icon::Printer),
            ..Button::secondary(label)
        }
    }

    /// A sign before the words.
    pub fn icon(self, icon: Icon) -> Button {
        Button {
            icon: Some(icon),
            ..self
        }
    }

    /// Goes somewhere instead of sending a form.
    pub fn href(self, href: impl Into<String>) -> Button {
        Button {
            href: Some(href.into()),
            ..self
        }
    }

    /// What the form receives when this button sends it.
    pub fn name(self, name: impl Into<String>, value: impl Into<String>) -> Button {
        Button {
            name: Some((name.into(), value.into())),
            ..self
        }
    }

    /// Sends the form of that id, although the button stands outside it.
    pub fn for_form(self, id: impl Into<String>) -> Button {
        Button {
            form: Some(id.into()),
            ..self
        }
    }

    /// Sends the form to another address than its own.
    pub fn formaction(self, address: impl Into<String>) -> Button {
        Button {
            formaction: Some(address.into()),
            ..self
        }
    }

    /// An element id.
    pub fn id(self, id: impl Into<String>) -> Button {
        Button {
            id: Some(id.into()),
            ..self
        }
    }

    /// Cannot be used now; say beside it why.
    pub fn disabled(self, disabled: bool) -> Button {
        Button { disabled, ..self }
    }

    /// What it is about, for those who hear the page: in a table all its buttons say the same.
    pub fn about(self, about: impl Into<String>) -> Button {
        Button {
            about: Some(about.into()),
            ..self
        }
    }

    /// For rows of tables and tool bars.
    pub fn small(self) -> Button {
        Button { small: true, ..self }
    }
}

impl Render for Button {
    fn render(&self) -> Markup {
        let kind = match self.kind {
            ButtonKind::Primary => "primary",
            ButtonKind::Secondary => "secondary",
            ButtonKind::Warning => "warning",
            ButtonKind::Link => "link",
        };
        let class = format!(
            "button button--{kind}{}",
            if self.small { " button--small" } else { "" }
        );
        let (name, value) = self
            .name
            .as_ref()
            .map(|(name, value)| (name.as_str(), value.as_str()))
            .unzip();
        let words = html! {
            @if let Some(icon) = self.icon { (icon) }
            (self.label)
            @if let Some(about) = &self.about { span class="govuk-visually-hidden" { "：" (about) } }
        };
        html! {
            @if let Some(href) = &self.href {
                a class=(class) id=[self.id.as_deref()] href=(href) { (words) }
            } @else {
                button class=(class) id=[self.id.as_deref()]
                    type=(if self.print { "button" } else { "submit" }) name=[name] value=[value]
                    form=[self.form.as_deref()] formaction=[self.formaction.as_deref()] data-print[self.print] hidden[self.print]
                    disabled[self.disabled] { (words) }
            }
        }
    }
}

/// Buttons side by side, the main one first.
pub fn button_row(buttons: impl IntoIterator<Item = Markup>) -> Markup {
    html! { div class="button-row" { @for button in buttons { (button) } } }
}

/// What is wrong on the page, at its top, each line leading to its field. Empty when nothing is wrong.
///
/// ```
/// # use web::components::*;
/// let summary = error_summary([("phone", "手机号码是 11 位数字"), ("birth_year", "请填写出生日期")]);
/// assert!(summary.into_string().contains(r##"href="#phone""##));
/// ```
pub fn error_summary<'a>(errors: impl IntoIterator<Item = (&'a str, &'a str)>) -> Markup {
    let errors: Vec<_> = errors.into_iter().collect();
    html! {
        @if !errors.is_empty() {
            div class="govuk-error-summary" data-module="govuk-error-summary" {
                div role="alert" {
                    h2 class="govuk-error-summary__title" { (Icon::CircleAlert) "有 " (errors.len()) " 处需要修改" }
                    div class="govuk-error-summary__body" {
                        ul class="govuk-list govuk-error-summary__list" {
                            @for (id, message) in errors {
                                li { @if id.is_empty() { (message) } @else { a href={ "#" (id) } { (message) } } }
                            }
                        }
                    }
                }
            }
        }
    }
}

/// What is wrong with something that is not a [`super::Field`].
pub fn inline_error(id: &str, message: &str) -> Markup {
    html! {
        p class="govuk-error-message" id=(id) {
            (Icon::CircleAlert) span class="govuk-visually-hidden" { "错误：" } (message)
        }
    }
}
