// Reading thresholds with their units, and comparing the sets of numbers that they accept.
#include "config/thresholds.hpp"

#include <array>
#include <cmath>
#include <limits>
#include <optional>

#include "base/text.hpp"
#include "base/time.hpp"

namespace tocsin::config {
namespace {

using Operator = core::Comparison::Operator;

struct OperatorRow {
    std::string_view text;
    Operator op;
};
/// Longer ones first: `>=` begins like `>`.
constexpr std::array<OperatorRow, 6> operators{{{">=", Operator::at_least},
                                                {"<=", Operator::at_most},
                                                {"==", Operator::equal},
                                                {"!=", Operator::not_equal},
                                                {">", Operator::greater},
                                                {"<", Operator::less}}};

struct ByteUnit {
    std::string_view text;
    double bytes;
};
constexpr std::array<ByteUnit, 13> byte_units{{{"KiB", 0x1p10},
                                               {"MiB", 0x1p20},
                                               {"GiB", 0x1p30},
                                               {"TiB", 0x1p40},
                                               {"PiB", 0x1p50},
                                               {"KB", 1e3},
                                               {"kB", 1e3},
                                               {"MB", 1e6},
                                               {"GB", 1e9},
                                               {"TB", 1e12},
                                               {"PB", 1e15},
                                               {"B", 1},
                                               {"bytes", 1}}};

std::optional<double> finite(std::string_view text) {
    const std::optional<double> number = parse_number(text);
    return number && std::isfinite(*number) ? number : std::nullopt;
}

std::optional<double> in_bytes(std::string_view text) {
    for (const ByteUnit& row : byte_units) {
        if (!text.ends_with(row.text)) continue;
        const auto number = finite(trim(text.substr(0, text.size() - row.text.size())));
        if (number) return *number * row.bytes;
    }
    return std::nullopt;
}

std::optional<double> in_percent(std::string_view text) {
    if (!text.ends_with('%')) return std::nullopt;
    return finite(trim(text.substr(0, text.size() - 1)));
}

std::optional<double> in_seconds(std::string_view text) {
    const Result<Duration> duration = parse_duration(text);
    return duration ? std::optional<double>(to_seconds(*duration)) : std::nullopt;
}

std::optional<double> scaled(std::optional<double> number, double factor) {
    return number ? std::optional<double>(*number * factor) : std::nullopt;
}

std::optional<double> in_unit(std::string_view text, Unit unit) {
    switch (unit) {
        case Unit::none:
            return std::nullopt;
        case Unit::seconds:
            return in_seconds(text);
        case Unit::milliseconds:
            return scaled(in_seconds(text), 1e3);
        case Unit::bytes:
            return in_bytes(text);
        // A division, so that 95% is the same number as 0.95.
        case Unit::ratio: {
            const auto percent = in_percent(text);
            return percent ? std::optional<double>(*percent / 100) : std::nullopt;
        }
        case Unit::percent:
            return in_percent(text);
    }
    return std::nullopt;
}

std::string_view example(Unit unit) {
    switch (unit) {
        case Unit::none:
            return "`> 300`";
        case Unit::seconds:
        case Unit::milliseconds:
            return "`> 5m`";
        case Unit::bytes:
            return "`> 10GiB`";
        case Unit::ratio:
        case Unit::percent:
            return "`> 95%`";
    }
    return "`> 300`";
}

Error problem(std::string code, std::string message, std::size_t offset) {
    return {
        .code = std::move(code), .message = std::move(message), .field = std::to_string(offset)};
}

Error unreadable_number(std::string_view number, Unit unit, std::size_t offset) {
    const bool looks_united = in_bytes(number) || in_percent(number) || in_seconds(number);
    if (unit == Unit::none && looks_united) {
        return problem("unit",
                       "the threshold has a unit, but the rule does not say in which `unit` its "
                       "value is",
                       offset);
    }
    const std::string found = number.empty() ? "nothing" : "`" + truncate(number, 40) + "`";
    return problem(looks_united ? "unit" : "threshold",
                   "expected a number in the rule's unit, such as " + std::string(example(unit)) +
                       ", found " + found,
                   offset);
}

/// The numbers that a comparison accepts, as an interval (not_equal aside).
struct Interval {
    double low = -std::numeric_limits<double>::infinity();
    double high = std::numeric_limits<double>::infinity();
    bool low_open = false;
    bool high_open = false;
};

Interval interval_of(const core::Comparison& comparison) {
    Interval interval;
    switch (comparison.op) {
        case Operator::greater:
        case Operator::at_least:
            interval.low = comparison.threshold;
            interval.low_open = comparison.op == Operator::greater;
            break;
        case Operator::less:
        case Operator::at_most:
            interval.high = comparison.threshold;
            interval.high_open = comparison.op == Operator::less;
            break;
        case Operator::equal:
            interval.low = interval.high = comparison.threshold;
            break;
        case Operator::not_equal:
            break;
    }
    return interval;
}

bool within(const Interval& inner, const Interval& outer) {
    const bool low =
        inner.low > outer.low || (inner.low == outer.low && (inner.low_open || !outer.low_open));
    const bool high = inner.high < outer.high ||
                      (inner.high == outer.high && (inner.high_open || !outer.high_open));
    return low && high;
}

bool contains(const Interval& interval, double number) {
    return within({.low = number, .high = number}, interval);
}

}  // namespace

Result<core::Comparison> parse_threshold(std::string_view text, Unit unit) {
    const std::string_view trimmed = trim(text);
    const auto offset = static_cast<std::size_t>(trimmed.data() - text.data());
    for (const OperatorRow& row : operators) {
        if (!trimmed.starts_with(row.text)) continue;
        const std::string_view number = trim(trimmed.substr(row.text.size()));
        std::optional<double> threshold = finite(number);
        if (!threshold) threshold = in_unit(number, unit);
        if (!threshold) {
            const std::size_t at = number.empty()
                                       ? offset + trimmed.size()
                                       : static_cast<std::size_t>(number.data() - text.data());
            return unreadable_number(number, unit, at);
        }
        return core::Comparison{
            .op = row.op, .threshold = *threshold, .text = std::string(trimmed)};
    }
    return problem("threshold",
                   "expected a threshold such as " + std::string(example(unit)) +
                       ": an operator (>, >=, <, <=, ==, !=) and a number",
                   offset);
}

bool implies(const core::Comparison& inner, const core::Comparison& outer) {
    if (outer.op == Operator::not_equal) {
        if (inner.op == Operator::not_equal) return inner.threshold == outer.threshold;
        return !contains(interval_of(inner), outer.threshold);
    }
    if (inner.op == Operator::not_equal) return false;
    return within(interval_of(inner), interval_of(outer));
}

}  // namespace tocsin::config
