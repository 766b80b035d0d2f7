//! `tongban flow check|run` as integrators meet it: JSON lines and exit codes, without an installation.

use std::process::{Command, Output};

use serde_json::Value;

const PARCEL: &str = r#"<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL">
  <message id="m" name="paid"/><signal id="sig" name="storm"/><error id="err" errorCode="E1"/>
  <process id="main" isExecutable="true">
    <startEvent id="start"/><sequenceFlow id="f1" sourceRef="start" targetRef="work"/>
    <userTask id="work"><multiInstanceLoopCharacteristics isSequential="true"><loopCardinality>2</loopCardinality></multiInstanceLoopCharacteristics></userTask>
    <boundaryEvent id="late" attachedToRef="work"><timerEventDefinition><timeDuration>PT1H</timeDuration></timerEventDefinition></boundaryEvent>
    <boundaryEvent id="failed" attachedToRef="work"><errorEventDefinition errorRef="err"/></boundaryEvent>
    <sequenceFlow id="f2" sourceRef="work" targetRef="call"/><sequenceFlow id="f3" sourceRef="late" targetRef="end"/><sequenceFlow id="f4" sourceRef="failed" targetRef="end"/>
    <callActivity id="call" calledElement="part"/><sequenceFlow id="f5" sourceRef="call" targetRef="end"/>
    <endEvent id="end"/>
  </process>
  <process id="part" isExecutable="true">
    <startEvent id="begin"/><sequenceFlow id="g1" sourceRef="begin" targetRef="wait"/>
    <intermediateCatchEvent id="wait"><messageEventDefinition messageRef="m"/></intermediateCatchEvent>
    <sequenceFlow id="g2" sourceRef="wait" targetRef="note"/><scriptTask id="note" scriptFormat="groovy"><script>x = 1</script></scriptTask>
    <sequenceFlow id="g3" sourceRef="note" targetRef="done"/><endEvent id="done"/>
  </process>
</definitions>"#;

struct Here(tempfile::TempDir);

impl Here {
    fn with(xml: &str) -> Self {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("p.bpmn"), xml).unwrap();
        Self(folder)
    }

    fn tongban(&self, arguments: &[&str]) -> Output {
        let mut all = arguments.to_vec();
        all.insert(2, "p.bpmn");
        Command::new(env!("CARGO_BIN_EXE_tongban")).args(all).current_dir(self.0.path()).output().unwrap()
    }

    /// Exit code and lines.
    fn lines(&self, arguments: &[&str]) -> (i32, Vec<Value>) {
        let output = self.tongban(arguments);
        let text = String::from_utf8(output.stdout).unwrap();
        (output.status.code().unwrap(), text.lines().map(|line| serde_json::from_str(line).unwrap_or_else(|e| panic!("{line}: {e}"))).collect())
    }

    fn run(&self, options: &[&str]) -> (Vec<String>, Value) {
        let (code, mut lines) = self.lines(&[&["flow", "run"], options].concat());
        assert_eq!(code, 0);
        let state = lines.pop().unwrap();
        assert_eq!(state["event"], "state");
        let told = lines.iter().map(|line| format!("{} {}", line["event"].as_str().unwrap(), line["element"].as_str().unwrap_or("-"))).collect();
        (told, state)
    }
}

fn count(told: &[String], line: &str) -> usize {
    told.iter().filter(|t| *t == line).count()
}

#[test]
fn acts_happen_in_the_order_they_are_written() {
    let here = Here::with(PARCEL);
    let (told, state) = here.run(&[]);
    assert_eq!(told, ["entered start", "completed start", "entered work"]);
    assert_eq!((state["ended"].clone(), state["waiting"].clone()), (false.into(), serde_json::json!(["work"])));
    // too early a message meets nobody; the timer went off before the second round was done
    let (told, state) = here.run(&["--message", "paid", "--fire", "work:{\"a\": 1}", "--advance", "PT2H", "--fire", "work", "--advance", "P1D"]);
    assert_eq!(count(&told, "completed work"), 1);
    assert_eq!((count(&told, "terminated work"), count(&told, "completed late"), count(&told, "ignored -")), (1, 1, 1));
    assert_eq!((state["ended"].clone(), state["variables"]["a"].clone()), (true.into(), serde_json::json!(null)), "a round keeps its own variables");
    // in time, through the called process, whose steps are told too
    let (told, state) = here.run(&["--fire", "work", "--fire", "work", "--message", "m"]);
    assert_eq!((count(&told, "completed work"), count(&told, "completed wait"), count(&told, "skipped note"), count(&told, "completed call")), (2, 1, 1, 1));
    assert_eq!(state["ended"], true);
    let (told, _) = here.run(&["--script-trace", "--fire", "work", "--fire", "work", "--message", "paid"]);
    assert_eq!((count(&told, "skipped note"), count(&told, "completed note")), (0, 1));
}

#[test]
fn errors_go_the_drawn_way_or_end_the_run_with_an_error_line() {
    let here = Here::with(PARCEL);
    let (told, state) = here.run(&["--fail", "work:E1"]);
    assert_eq!((count(&told, "completed failed"), count(&told, "error work"), state["ended"].clone()), (1, 0, true.into()));
    let (told, state) = here.run(&["--fail", "work:OTHER"]);
    assert_eq!((count(&told, "error work"), state["ended"].clone()), (1, true.into()));
}

#[test]
fn what_cannot_be_deployed_is_told_in_json_and_nothing_else_happens() {
    let broken = PARCEL.replace(r#"targetRef="work""#, r#"targetRef="nowhere""#);
    for (xml, code) in [(broken.as_str(), "dangling_reference"), ("<x", "not_xml"), ("<!DOCTYPE d [<!ENTITY a \"b\">]><definitions/>", "dtd_forbidden")] {
        let here = Here::with(xml);
        for command in [["flow", "check"], ["flow", "run"]] {
            let (exit, lines) = here.lines(&command);
            assert_eq!(exit, 1, "{code}");
            assert!(lines.iter().any(|l| l["code"] == code && l["severity"] == "error" && l["message"].is_string()), "{code}: {lines:?}");
        }
    }
    let here = Here::with(PARCEL);
    assert_eq!(here.lines(&["flow", "check"]).0, 0, "a drawing from elsewhere need not name posts");
    for wrong in [["--variables", "[1]"], ["--fire", "work:{"], ["--advance", "soon"], ["--process", "nobody"]] {
        let (exit, lines) = here.lines(&[&["flow", "run"][..], &wrong].concat());
        assert_eq!((exit, lines[0]["code"].clone()), (1, "bad_option".into()), "{wrong:?}");
    }
    for wrong in [&["--until", "doomsday"][..], &["--nonsense"], &["--fire"]] {
        let (exit, lines) = here.lines(&[&["flow", "run"][..], wrong].concat());
        assert_eq!((exit, lines.len(), lines[0]["code"].clone()), (1, 1, "bad_option".into()), "{wrong:?}");
    }
}

/// Whatever lies in the file: JSON lines and exit code 0 or 1, in bounded time.
#[test]
fn hostile_files_are_told_in_json() {
    let open = r#"<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL">"#;
    let close = "</definitions>";
    let process = |body: &str| format!(r#"{open}<process id="p"><startEvent id="s"/>{body}</process>{close}"#);
    let flow = |from: &str, to: &str, inside: &str| format!(r#"<sequenceFlow sourceRef="{from}" targetRef="{to}">{inside}</sequenceFlow>"#);
    let condition = |text: &str| format!("<conditionExpression>{text}</conditionExpression>");
    let script = |text: &str| process(&format!(r#"<scriptTask id="t" scriptFormat="feel"><script>{text}</script></scriptTask>{}"#, flow("s", "t", "")));
    let bomb = r#"<!DOCTYPE l [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;"><!ENTITY c "&b;&b;&b;&b;&b;">]>"#;
    for (text, runs) in [
        (String::new(), false),
        ("\0".repeat(100), false),
        (format!("{bomb}{open}&c;{close}"), false),
        (format!("{open}{}", "<a>".repeat(300_000)), false),
        (format!("{open}<!--{}-->{close}", "x".repeat(10_000_000)), false),
        (process(&format!("{}{}", flow("s", "g", ""), r#"<exclusiveGateway id="g"/>"#.to_owned() + &flow("g", "g", &condition("true")))), false),
        (process(&(r#"<task id="t"/><endEvent id="e"/>"#.to_owned() + &flow("s", "t", "") + &flow("t", "t", &condition("true")) + &flow("t", "e", &condition("false")))), true),
        (process(&(r#"<callActivity id="t" calledElement="p"/>"#.to_owned() + &flow("s", "t", ""))), false),
        (process(&format!(r#"<exclusiveGateway id="g"/><task id="t"/>{}{}"#, flow("s", "g", ""), flow("g", "t", &condition(&format!("{}1{}", "(".repeat(3_000), ")".repeat(3_000)))))), true),
        (script("for i in 1..1000000000 return i"), true),
        (process(&format!(r#"<task id="t"><standardLoopCharacteristics loopMaximum="100000"><loopCondition>count(for i in 1..50000 return i) > 0</loopCondition></standardLoopCharacteristics></task>{}"#, flow("s", "t", ""))), true),
        (script("{f: function(n) f(n), r: f(1)}.r"), true),
        (script("matches(string join(for i in 1..5000 return \"a\"), \"(a+)+b\")"), true),
        (process(&(0..15_000).map(|i| format!(r#"<task id="t{i}"/>{}"#, flow("s", &format!("t{i}"), ""))).collect::<String>()), false),
    ] {
        let here = Here::with(&text);
        let shown: String = text.chars().take(200).collect();
        let (exit, lines) = here.lines(&["flow", "run", "--until", "end"]);
        assert_eq!((exit, lines.last().is_some_and(|line| line["event"] == "state")), (i32::from(!runs), runs), "{shown}: {:?}", lines.last());
        assert_eq!(here.lines(&["flow", "check"]).0, i32::from(!runs), "{shown}");
    }
    let here = Here::with("");
    std::fs::remove_file(here.0.path().join("p.bpmn")).unwrap();
    assert_eq!(here.lines(&["flow", "run"]).0, 1, "no file");
    std::fs::create_dir(here.0.path().join("p.bpmn")).unwrap();
    assert_eq!(here.lines(&["flow", "run"]).0, 1, "a folder");
    let old = "<?xml version=\"1.0\" encoding=\"GB2312\"?>".to_owned() + &process("");
    std::fs::remove_dir(here.0.path().join("p.bpmn")).unwrap();
    std::fs::write(here.0.path().join("p.bpmn"), old).unwrap();
    assert_eq!(here.lines(&["flow", "run"]).0, 0, "an older encoding");
}
