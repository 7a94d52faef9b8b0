// Template functions over numbers: the humanize family and parseDuration.

#include <array>
#include <cmath>

#include "base/text.hpp"
#include "base/time.hpp"
#include "core/template_tree.hpp"

namespace tocsin::core::templates {

namespace {

Result<double> number_of(const Value& value) {
    if (const auto* number = std::get_if<double>(&value.held)) return *number;
    if (const auto* integer = std::get_if<std::int64_t>(&value.held)) {
        return static_cast<double>(*integer);
    }
    if (const auto* text = std::get_if<std::string>(&value.held)) {
        if (const std::optional<double> number = parse_number(*text)) return *number;
        return Error{.code = "bad_template", .message = "not a number: " + quote(*text)};
    }
    return Error{.code = "bad_template",
                 .message = "can't convert " + std::string(type_name(value)) + " to float"};
}

constexpr std::array<std::string_view, 8> large = {"k", "M", "G", "T", "P", "E", "Z", "Y"};
constexpr std::array<std::string_view, 8> small = {"m", "u", "n", "p", "f", "a", "z", "y"};

std::string with_large_prefix(double number, double step, std::string_view tail) {
    std::string_view prefix;
    for (const std::string_view next : large) {
        if (std::fabs(number) < step) break;
        prefix = next;
        number /= step;
    }
    return four_digits(number) + std::string(prefix) + (prefix.empty() ? "" : std::string(tail));
}

std::string with_small_prefix(double number, std::string_view unit) {
    std::string_view prefix;
    for (const std::string_view next : small) {
        if (std::fabs(number) >= 1) break;
        prefix = next;
        number *= 1000;
    }
    return four_digits(number) + std::string(prefix) + std::string(unit);
}

std::string humanize(double number) {
    if (number == 0 || !std::isfinite(number)) return four_digits(number);
    if (std::fabs(number) >= 1) return with_large_prefix(number, 1000, "");
    return with_small_prefix(number, "");
}

std::string humanize_1024(double number) {
    if (std::fabs(number) <= 1 || !std::isfinite(number)) return four_digits(number);
    return with_large_prefix(number, 1024, "i");
}

std::string humanize_duration(double number) {
    if (!std::isfinite(number)) return four_digits(number);
    if (number == 0) return "0s";
    if (std::fabs(number) < 1) return with_small_prefix(number, "s");
    const std::string sign = number < 0 ? "-" : "";
    const double size = std::fabs(number);
    constexpr double seconds_max = 9.2e18;  // what fits into the whole seconds below
    const auto whole = static_cast<std::int64_t>(std::fmin(size, seconds_max));
    const auto part = [](std::int64_t count, const char* unit) {
        return std::to_string(count) + unit;
    };
    const std::string tail = part(whole % 60, "s");
    const std::string minutes_text = part(whole / 60 % 60, "m ") + tail;
    const std::string hours_text = part(whole / 3'600 % 24, "h ") + minutes_text;
    if (whole >= 86'400) return sign + part(whole / 86'400, "d ") + hours_text;
    if (whole >= 3'600) return sign + hours_text;
    if (whole >= 60) return sign + minutes_text;
    return sign + four_digits(size) + "s";
}

/// As Go prints a time in UTC: `2026-03-01 02:00:00.5 +0000 UTC`.
Result<Value> humanize_timestamp(double number) {
    if (!std::isfinite(number)) return Value{four_digits(number)};
    constexpr double seconds_max = 9'223'372'036.0;  // nanoseconds in 64 bits
    if (std::fabs(number) > seconds_max) {
        return Error{
            .code = "bad_template",
            .message = format_number(number) + " cannot be represented as a nanoseconds timestamp"};
    }
    const auto whole = Instant(Duration(static_cast<std::int64_t>(number * 1e3) * 1'000));
    std::string text = format_rfc3339(whole);  // 2026-03-01T02:00:00.500Z
    text.pop_back();
    while (text.ends_with('0')) text.pop_back();
    if (text.ends_with('.')) text.pop_back();
    text[text.find('T')] = ' ';
    return Value{text + " +0000 UTC"};
}

template <std::string (*Write)(double)>
Result<Value> written(const Arguments& arguments, const TemplateData&) {
    const Result<double> number = number_of(arguments[0]);
    if (!number) return number.error();
    return Value{Write(*number)};
}

std::string humanize_percentage(double number) {
    return four_digits(number * 100) + "%";
}

Result<Value> call_humanize_timestamp(const Arguments& arguments, const TemplateData&) {
    const Result<double> number = number_of(arguments[0]);
    if (!number) return number.error();
    return humanize_timestamp(*number);
}

Result<Value> call_parse_duration(const Arguments& arguments, const TemplateData&) {
    const auto* text = std::get_if<std::string>(&arguments[0].held);
    if (text == nullptr) {
        return Error{.code = "bad_template", .message = "parseDuration wants a text"};
    }
    const Result<Duration> duration = parse_duration(*text);
    if (!duration) return duration.error();
    return Value{to_seconds(*duration)};
}

}  // namespace

std::vector<Function> number_functions() {
    return {
        {"humanize", "1234567 as 1.235M.", 1, 1, written<humanize>},
        {"humanize1024", "1536 as 1.5ki.", 1, 1, written<humanize_1024>},
        {"humanizeDuration", "301 as 5m 1s.", 1, 1, written<humanize_duration>},
        {"humanizePercentage", "0.05 as 5%.", 1, 1, written<humanize_percentage>},
        {"humanizeTimestamp", "Unix seconds as a date in UTC.", 1, 1, call_humanize_timestamp},
        {"parseDuration", "\"5m\" as 300.", 1, 1, call_parse_duration},
    };
}

}  // namespace tocsin::core::templates
