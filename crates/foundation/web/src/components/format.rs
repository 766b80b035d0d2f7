//! Dates, terms, amounts and sizes as a Chinese reader writes them. Moments are shown in the legal time of China.

use chrono::{DateTime, Datelike, FixedOffset, NaiveDate, TimeZone, Timelike, Utc};

/// China Standard Time (UTC+8, no summer time), the only legal time in the country.
const SHANGHAI_SECONDS: i32 = 8 * 3600;

const WEEKDAYS: [&str; 7] = ["星期一", "星期二", "星期三", "星期四", "星期五", "星期六", "星期日"];

/// A moment in China Standard Time.
pub fn shanghai<Tz: TimeZone>(moment: &DateTime<Tz>) -> DateTime<FixedOffset> {
    match FixedOffset::east_opt(SHANGHAI_SECONDS) {
        Some(zone) => moment.with_timezone(&zone),
        None => moment.fixed_offset(),
    }
}

/// `2026年11月24日`
pub fn date(date: NaiveDate) -> String {
    format!("{}年{}月{}日", date.year(), date.month(), date.day())
}

/// `2026年11月24日 星期二`
pub fn date_weekday(day: NaiveDate) -> String {
    let weekday = WEEKDAYS[day.weekday().num_days_from_monday() as usize % 7];
    format!("{} {weekday}", date(day))
}

/// `2026-11-24`, for tables where dates stand below each other.
pub fn date_short(date: NaiveDate) -> String {
    date.format("%Y-%m-%d").to_string()
}

/// `2026年11月24日 16:05`
pub fn date_time<Tz: TimeZone>(moment: &DateTime<Tz>) -> String {
    let local = shanghai(moment);
    format!("{} {:02}:{:02}", date(local.date_naive()), local.hour(), local.minute())
}

/// `2026-11-24 16:05`, for tables.
pub fn date_time_short<Tz: TimeZone>(moment: &DateTime<Tz>) -> String {
    shanghai(moment).format("%Y-%m-%d %H:%M").to_string()
}

/// The `datetime` attribute of a `time` element: RFC 3339 in China Standard Time.
pub fn date_time_machine<Tz: TimeZone>(moment: &DateTime<Tz>) -> String {
    shanghai(moment).to_rfc3339_opts(chrono::SecondsFormat::Secs, false)
}

/// How long ago a moment was: `刚刚`, `5 分钟前`, `3 小时前`, `昨天 16:05`, then the date.
pub fn ago(moment: DateTime<Utc>, now: DateTime<Utc>) -> String {
    let minutes = now.signed_duration_since(moment).num_minutes();
    let (then, today) = (shanghai(&moment), shanghai(&now).date_naive());
    match minutes {
        ..0 => date_time(&moment),
        0 => "刚刚".to_owned(),
        1..60 => format!("{minutes} 分钟前"),
        _ if then.date_naive() == today => format!("{} 小时前", minutes / 60),
        _ if Some(then.date_naive()) == today.pred_opt() => format!("昨天 {:02}:{:02}", then.hour(), then.minute()),
        _ => date(then.date_naive()),
    }
}

/// Working days left until a limit, negative once it has passed: `还剩 3 个工作日`, `今天到期`, `已超期 2 个工作日`.
pub fn working_days_left(days: i64) -> String {
    match days {
        0 => "今天到期".to_owned(),
        1.. => format!("还剩 {days} 个工作日"),
        _ => format!("已超期 {} 个工作日", days.unsigned_abs()),
    }
}

/// `1,234,567`
pub fn number(value: i64) -> String {
    let digits = value.unsigned_abs().to_string();
    let mut grouped = String::with_capacity(digits.len() + digits.len() / 3 + 1);
    if value < 0 {
        grouped.push('-');
    }
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    grouped
}

/// An amount in fen (1/100 yuan) as `¥1,234.50`; whole yuan without decimals (`¥200`).
pub fn money(fen: i64) -> String {
    let sign = if fen < 0 { "-" } else { "" };
    let (yuan, cents) = (fen.unsigned_abs() / 100, fen.unsigned_abs() % 100);
    let yuan = number(i64::try_from(yuan).unwrap_or(i64::MAX));
    if cents == 0 {
        format!("{sign}¥{yuan}")
    } else {
        format!("{sign}¥{yuan}.{cents:02}")
    }
}

/// A share as `98.5%`; without a whole there is nothing to compare: `—`.
pub fn percent(part: i64, whole: i64) -> String {
    if whole == 0 {
        return "—".to_owned();
    }
    let tenths = (part as f64 / whole as f64 * 1000.0).round() as i64;
    if tenths % 10 == 0 {
        format!("{}%", tenths / 10)
    } else {
        format!("{:.1}%", tenths as f64 / 10.0)
    }
}

/// A file size: `820 B`, `1.5 KB`, `20 MB`.
pub fn file_size(bytes: u64) -> String {
    const UNITS: [&str; 4] = ["KB", "MB", "GB", "TB"];
    if bytes < 1024 {
        return format!("{bytes} B");
    }
    let mut size = bytes as f64 / 1024.0;
    let mut unit = 0;
    while size >= 1023.95 && unit + 1 < UNITS.len() {
        size /= 1024.0;
        unit += 1;
    }
    let one_decimal = format!("{size:.1}");
    format!(
        "{} {}",
        one_decimal.strip_suffix(".0").unwrap_or(&one_decimal),
        UNITS[unit]
    )
}
