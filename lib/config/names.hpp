#pragma once
// The words that enumerations have in files, and values that only configuration files have.

#include <optional>
#include <string_view>
#include <vector>

#include "config/config.hpp"
#include "schema/field.hpp"

namespace tocsin::schema {

template <>
struct Names<config::May> {
    static std::vector<Choice<config::May>> rows();
};
template <>
struct Names<config::SourceKind> {
    static std::vector<Choice<config::SourceKind>> rows();
};
template <>
struct Names<config::Weekday> {
    static std::vector<Choice<config::Weekday>> rows();
};
template <>
struct Names<core::PageWhen> {
    static std::vector<Choice<core::PageWhen>> rows();
};
template <>
struct Names<core::Severity> {
    static std::vector<Choice<core::Severity>> rows();
};
template <>
struct Names<core::Outcome> {
    static std::vector<Choice<core::Outcome>> rows();
};
template <>
struct Names<core::NoData> {
    static std::vector<Choice<core::NoData>> rows();
};

/// `HH:MM-HH:MM`; `24:00` is the day's end.
template <>
struct Value<config::Hours> {
    static Shape shape() { return simple_shape(Shape::Kind::string); }
    static std::string json(const config::Hours& hours);
    static bool read(config::Hours& out, const Node& node, const Reader& reader);
};

/// The same times, but without an offset in a zone that stands beside it.
template <>
struct Value<config::WrittenTime> {
    static Shape shape() { return simple_shape(Shape::Kind::string); }
    static std::string json(const config::WrittenTime&) { return {}; }
    static bool read(config::WrittenTime& out, const Node& node, const Reader& reader);
};

/// `2026-03-01T02:00Z`, with or without seconds; without an offset it is UTC.
template <>
struct Value<Instant> {
    static Shape shape() { return simple_shape(Shape::Kind::string); }
    static std::string json(const Instant&) { return {}; }
    static bool read(Instant& out, const Node& node, const Reader& reader);
};

}  // namespace tocsin::schema

namespace tocsin::config {

/// An instant as people write it: `2026-03-01T02:00Z`, seconds and offset optional (then UTC).
[[nodiscard]] std::optional<Instant> parse_instant(std::string_view text);
[[nodiscard]] std::optional<WrittenTime> parse_written_time(std::string_view text);
/// `08:00-16:00`.
[[nodiscard]] std::optional<Hours> parse_hours(std::string_view text);

}  // namespace tocsin::config
