// Reads and writes RFC 3339 instants and Prometheus durations.

#include "base/time.hpp"

#include <array>
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <limits>

namespace tocsin {

namespace {

struct Unit {
    std::string_view name;
    std::int64_t microseconds;
    bool exact_only;  // written only when nothing smaller remains, as Prometheus does
};

constexpr std::int64_t second = 1'000'000;
constexpr std::array<Unit, 7> units = {{
    {"y", 365 * 86'400 * second, true},
    {"w", 7 * 86'400 * second, true},
    {"d", 86'400 * second, false},
    {"h", 3'600 * second, false},
    {"m", 60 * second, false},
    {"s", second, false},
    {"ms", 1'000, false},
}};

bool is_digit(char c) {
    return c >= '0' && c <= '9';
}

Error bad_duration(std::string_view text, const std::string& why) {
    return Error{.code = "bad_duration",
                 .message = "not a valid duration: \"" + std::string(text) + "\" (" + why +
                            "); write it like 15s, 5m or 1h30m"};
}

/// Reads digits from the front of `rest`; nullopt when there are none or too many.
std::optional<std::int64_t> take_number(std::string_view& rest) {
    std::int64_t number = 0;
    std::size_t digits = 0;
    for (; digits < rest.size() && is_digit(rest[digits]); ++digits) {
        if (number > std::numeric_limits<std::int64_t>::max() / 10 - 1) return std::nullopt;
        number = number * 10 + (rest[digits] - '0');
    }
    if (digits == 0) return std::nullopt;
    rest.remove_prefix(digits);
    return number;
}

/// The index of the unit that `rest` starts with, or units.size().
std::size_t take_unit(std::string_view& rest) {
    std::size_t letters = 0;
    while (letters < rest.size() && !is_digit(rest[letters])) ++letters;
    const std::string_view name = rest.substr(0, letters);
    for (std::size_t i = 0; i < units.size(); ++i) {
        if (units[i].name != name) continue;
        rest.remove_prefix(letters);
        return i;
    }
    return units.size();
}

}  // namespace

Result<Duration> parse_duration(std::string_view text) {
    if (text.empty()) return bad_duration(text, "it is empty");
    if (text == "0") return Duration{0};
    std::string_view rest = text;
    std::size_t next_unit = 0;  // units must fall
    std::int64_t total = 0;
    while (!rest.empty()) {
        if (!is_digit(rest.front())) return bad_duration(text, "a number was expected");
        const std::optional<std::int64_t> number = take_number(rest);
        if (!number) return bad_duration(text, "it is out of range");
        if (rest.empty()) return bad_duration(text, "a unit is missing after the number");
        const std::size_t unit = take_unit(rest);
        if (unit == units.size()) {
            return bad_duration(text, "the units are y, w, d, h, m, s and ms");
        }
        if (unit < next_unit) return bad_duration(text, "units must fall, each at most once");
        next_unit = unit + 1;
        std::int64_t part = 0;
        if (__builtin_mul_overflow(*number, units[unit].microseconds, &part) ||
            __builtin_add_overflow(total, part, &total)) {
            return bad_duration(text, "it is out of range");
        }
    }
    return Duration{total};
}

std::string format_duration(Duration duration) {
    std::int64_t rest = duration.count();
    std::string text;
    if (rest < 0) {
        text = "-";
        rest = rest == std::numeric_limits<std::int64_t>::min()
                   ? std::numeric_limits<std::int64_t>::max()
                   : -rest;
    }
    rest -= rest % 1'000;  // nothing finer than a millisecond has a notation
    if (rest == 0) return "0s";
    for (const Unit& unit : units) {
        if (unit.exact_only && rest % unit.microseconds != 0) continue;
        if (rest < unit.microseconds) continue;
        text += std::to_string(rest / unit.microseconds);
        text += unit.name;
        rest %= unit.microseconds;
    }
    return text;
}

namespace {

/// A reader over fixed-width fields; the first thing that is not as expected makes it fail.
class Fields {
public:
    explicit Fields(std::string_view text) : rest_(text) {}

    int number(std::size_t width, int low, int high) {
        if (rest_.size() < width) return fail();
        int value = 0;
        for (std::size_t i = 0; i < width; ++i) {
            if (!is_digit(rest_[i])) return fail();
            value = value * 10 + (rest_[i] - '0');
        }
        if (value < low || value > high) return fail();
        rest_.remove_prefix(width);
        return value;
    }
    bool take(char lower, char upper) {
        if (rest_.empty() || (rest_.front() != lower && rest_.front() != upper)) return false;
        rest_.remove_prefix(1);
        return true;
    }
    void expect(char lower, char upper) {
        if (!take(lower, upper)) fail();
    }
    std::int64_t fraction_microseconds() {
        std::int64_t value = 0;
        int digits = 0;
        for (; !rest_.empty() && is_digit(rest_.front()); ++digits) {
            if (digits < 6) value = value * 10 + (rest_.front() - '0');
            rest_.remove_prefix(1);
        }
        if (digits == 0 || digits > 9) fail();
        for (; digits < 6; ++digits) value *= 10;
        return value;
    }
    [[nodiscard]] bool ok_at_end() const { return ok_ && rest_.empty(); }

private:
    int fail() {
        ok_ = false;
        return 0;
    }
    std::string_view rest_;
    bool ok_ = true;
};

}  // namespace

Result<Instant> parse_rfc3339(std::string_view text) {
    Fields fields(text);
    const std::chrono::year year(fields.number(4, 0, 9999));
    fields.expect('-', '-');
    const std::chrono::month month(static_cast<unsigned>(fields.number(2, 1, 12)));
    fields.expect('-', '-');
    const std::chrono::day day(static_cast<unsigned>(fields.number(2, 1, 31)));
    fields.expect('t', 'T');
    const hours hour(fields.number(2, 0, 23));
    fields.expect(':', ':');
    const minutes minute(fields.number(2, 0, 59));
    fields.expect(':', ':');
    const seconds sec(fields.number(2, 0, 60));  // 60: a leap second
    const Duration fraction(fields.take('.', '.') ? fields.fraction_microseconds() : 0);
    minutes offset{0};
    if (!fields.take('z', 'Z')) {
        const bool east = fields.take('+', '+');
        if (!east) fields.expect('-', '-');
        offset = hours(fields.number(2, 0, 23));
        fields.expect(':', ':');
        offset += minutes(fields.number(2, 0, 59));
        if (!east) offset = -offset;
    }
    const std::chrono::year_month_day date(year, month, day);
    if (!fields.ok_at_end() || !date.ok()) {
        return Error{.code = "bad_time",
                     .message = "not an RFC 3339 time: \"" + std::string(text.substr(0, 64)) +
                                "\"; write it like 2026-03-01T02:00:00Z"};
    }
    return Instant(std::chrono::sys_days(date)) + hour + minute + sec + fraction - offset;
}

std::string format_rfc3339(Instant instant) {
    const auto day = std::chrono::floor<std::chrono::days>(instant);
    const std::chrono::year_month_day date(day);
    const auto in_day = std::chrono::floor<milliseconds>(instant - day).count();
    std::array<char, 64> text{};
    std::snprintf(text.data(), text.size(), "%04d-%02u-%02uT%02d:%02d:%02d.%03dZ",
                  static_cast<int>(date.year()), static_cast<unsigned>(date.month()),
                  static_cast<unsigned>(date.day()), static_cast<int>(in_day / 3'600'000),
                  static_cast<int>(in_day / 60'000 % 60), static_cast<int>(in_day / 1'000 % 60),
                  static_cast<int>(in_day % 1'000));
    return text.data();
}

double to_unix_seconds(Instant instant) {
    return to_seconds(instant.time_since_epoch());
}

Instant from_unix_seconds(double since_epoch) {
    // Far beyond any date that a peer can mean; keeps the conversion defined.
    constexpr double seconds_max = 9.0e12;
    if (std::isnan(since_epoch)) return Instant{};
    const double bounded = std::fmin(std::fmax(since_epoch, -seconds_max), seconds_max);
    return Instant(Duration(std::llround(bounded * 1e6)));
}

double to_seconds(Duration duration) {
    return static_cast<double>(duration.count()) / 1e6;
}

}  // namespace tocsin
