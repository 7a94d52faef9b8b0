// The tables of words, and readers of hours and instants.
#include "config/names.hpp"

#include "base/text.hpp"

namespace tocsin::config {
namespace {

/// `HH:MM` as minutes of the day, up to 24:00.
std::optional<int> parse_minutes(std::string_view text) {
    if (text.size() != 5 || text[2] != ':') return std::nullopt;
    for (const std::size_t i : {0U, 1U, 3U, 4U}) {
        if (text[i] < '0' || text[i] > '9') return std::nullopt;
    }
    const int hour = (text[0] - '0') * 10 + (text[1] - '0');
    const int minute = (text[3] - '0') * 10 + (text[4] - '0');
    if (minute > 59 || hour * 60 + minute > 24 * 60) return std::nullopt;
    return hour * 60 + minute;
}

std::string minutes_text(int minutes) {
    std::string text = "00:00";
    text[0] = static_cast<char>('0' + minutes / 600);
    text[1] = static_cast<char>('0' + minutes / 60 % 10);
    text[3] = static_cast<char>('0' + minutes % 60 / 10);
    text[4] = static_cast<char>('0' + minutes % 10);
    return text;
}

}  // namespace

std::optional<Hours> parse_hours(std::string_view text) {
    const std::size_t dash = text.find('-');
    if (dash == std::string_view::npos) return std::nullopt;
    const auto from = parse_minutes(trim(text.substr(0, dash)));
    const auto to = parse_minutes(trim(text.substr(dash + 1)));
    if (!from || !to || *from == 24 * 60) return std::nullopt;
    return Hours{.from = *from, .to = *to};
}

std::optional<WrittenTime> parse_written_time(std::string_view text) {
    // The offset is whatever stands behind the time of day, which begins after the `T`.
    const std::size_t time = text.find('T');
    if (time == std::string_view::npos) return std::nullopt;
    const std::size_t offset = text.find_first_of("Zz+-", time);
    std::string whole(text.substr(0, offset));
    if (whole.size() == time + 6) whole += ":00";
    whole += offset == std::string_view::npos ? "Z" : text.substr(offset);
    const Result<Instant> instant = parse_rfc3339(whole);
    if (!instant) return std::nullopt;
    return WrittenTime{.time = *instant, .has_offset = offset != std::string_view::npos};
}

std::optional<Instant> parse_instant(std::string_view text) {
    const auto written = parse_written_time(text);
    return written ? std::optional<Instant>(written->time) : std::nullopt;
}

}  // namespace tocsin::config

namespace tocsin::schema {

std::vector<Choice<config::May>> Names<config::May>::rows() {
    return {{"alerts", config::May::alerts},
            {"read", config::May::read},
            {"command", config::May::command}};
}

std::vector<Choice<config::SourceKind>> Names<config::SourceKind>::rows() {
    return {{"prometheus", config::SourceKind::prometheus},
            {"alertmanager", config::SourceKind::alertmanager},
            {"scrape", config::SourceKind::scrape},
            {"probe", config::SourceKind::probe}};
}

std::vector<Choice<config::Weekday>> Names<config::Weekday>::rows() {
    using config::Weekday;
    return {{"mon", Weekday::mon}, {"tue", Weekday::tue}, {"wed", Weekday::wed},
            {"thu", Weekday::thu}, {"fri", Weekday::fri}, {"sat", Weekday::sat},
            {"sun", Weekday::sun}};
}

std::vector<Choice<core::PageWhen>> Names<core::PageWhen>::rows() {
    return {{"always", core::PageWhen::always},
            {"never", core::PageWhen::never},
            {"working_hours", core::PageWhen::working_hours}};
}

std::vector<Choice<core::Severity>> Names<core::Severity>::rows() {
    return {{"minor", core::Severity::minor},
            {"major", core::Severity::major},
            {"critical", core::Severity::critical}};
}

std::vector<Choice<core::Outcome>> Names<core::Outcome>::rows() {
    return {{"incident", core::Outcome::incident},
            {"watch", core::Outcome::watch},
            {"not_an_incident", core::Outcome::not_an_incident}};
}

std::vector<Choice<core::NoData>> Names<core::NoData>::rows() {
    return {{"in_doubt", core::NoData::in_doubt},
            {"clear", core::NoData::clear},
            {"incident", core::NoData::incident}};
}

std::string Value<config::Hours>::json(const config::Hours& hours) {
    return json_quote(config::minutes_text(hours.from) + "-" + config::minutes_text(hours.to));
}

bool Value<config::Hours>::read(config::Hours& out, const Node& node, const Reader& reader) {
    const auto hours = node.is_scalar() ? config::parse_hours(node.text) : std::nullopt;
    if (!hours) {
        reader.error(node.at, "expected hours such as \"09:00-18:00\", found " + describe(node));
        return false;
    }
    out = *hours;
    return true;
}

bool Value<config::WrittenTime>::read(config::WrittenTime& out, const Node& node,
                                      const Reader& reader) {
    const auto time = node.is_scalar() ? config::parse_written_time(node.text) : std::nullopt;
    if (!time) {
        reader.error(node.at,
                     "expected a time such as \"2026-03-01T02:00Z\", found " + describe(node));
        return false;
    }
    out = *time;
    return true;
}

bool Value<Instant>::read(Instant& out, const Node& node, const Reader& reader) {
    config::WrittenTime time;
    if (!Value<config::WrittenTime>::read(time, node, reader)) return false;
    out = time.time;
    return true;
}

}  // namespace tocsin::schema
