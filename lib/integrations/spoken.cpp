// Words for times and values; digits are cut where a reader stops caring.
#include "integrations/spoken.hpp"

#include <array>
#include <cmath>
#include <cstdint>
#include <cstdio>

#include "base/text.hpp"

namespace tocsin::integrations {
namespace {

struct Unit {
    std::int64_t seconds;
    const char* name;
    const char* letter;
};
constexpr std::array units{Unit{86'400, "day", "d"}, Unit{3'600, "hour", "h"},
                           Unit{60, "minute", "m"}, Unit{1, "second", "s"}};

std::string counted(std::int64_t number, const char* name) {
    return std::to_string(number) + " " + name + (number == 1 ? "" : "s");
}

std::string six_digits(double number) {
    std::array<char, 64> text{};
    std::snprintf(text.data(), text.size(), "%.6g", number);
    return text.data();
}

/// `6m 41s`: the two largest units that are not zero.
std::string short_seconds(double value) {
    const double size = std::fabs(value);
    if (size < 60 || size >= 1e12) return six_digits(value) + " s";
    auto rest = static_cast<std::int64_t>(std::llround(size));
    std::string text = value < 0 ? "-" : "";
    int parts = 0;
    for (const Unit& unit : units) {
        const std::int64_t number = rest / unit.seconds;
        rest -= number * unit.seconds;
        if (number > 0 && parts < 2) {
            text += (parts > 0 ? " " : "") + std::to_string(number) + unit.letter;
        }
        if (number > 0 || parts > 0) ++parts;
    }
    return text;
}

std::string short_bytes(double value) {
    constexpr std::array names{"B", "KiB", "MiB", "GiB", "TiB", "PiB"};
    std::size_t step = 0;
    while (std::fabs(value) >= 1024 && step + 1 < names.size()) {
        value /= 1024;
        ++step;
    }
    std::array<char, 64> text{};
    std::snprintf(text.data(), text.size(), "%.4g %s", value, names[step]);
    return text.data();
}

}  // namespace

std::string spoken(Instant instant) {
    const std::string text = format_rfc3339(instant);
    return text.substr(0, 10) + " " + text.substr(11, 8) + " UTC";
}

std::string precise(Instant instant) {
    const std::string text = format_rfc3339(instant);
    return text.substr(0, 10) + " " + text.substr(11, 12);
}

std::string spoken(Duration duration) {
    if (duration < Duration{0}) return "-" + spoken(-duration);
    const std::int64_t whole = std::chrono::duration_cast<seconds>(duration).count();
    if (duration == Duration{0}) return "0 seconds";
    if (whole == 0)
        return counted(std::chrono::duration_cast<milliseconds>(duration).count(), "millisecond");
    for (std::size_t i = 0; i < units.size(); ++i) {
        const std::int64_t number = whole / units[i].seconds;
        if (number == 0) continue;
        std::string text = counted(number, units[i].name);
        if (i + 1 == units.size()) return text;
        const std::int64_t next = whole % units[i].seconds / units[i + 1].seconds;
        return next == 0 ? text : text + " " + counted(next, units[i + 1].name);
    }
    return {};
}

std::string roughly(Duration duration) {
    if (duration < minutes(1)) return spoken(duration);
    return spoken(Duration(std::chrono::floor<minutes>(duration)));
}

std::string ago(Instant instant, Instant now) {
    const Duration gone = now - instant;
    if (gone < seconds(1) && gone > -seconds(1)) return "just now";
    return gone > Duration{0} ? roughly(gone) + " ago" : "in " + roughly(-gone);
}

std::string measured(double value, std::string_view unit) {
    if (!std::isfinite(value)) return format_number(value);
    if (unit == "seconds") return short_seconds(value);
    if (unit == "milliseconds") {
        return std::fabs(value) < 1000 ? six_digits(value) + " ms" : short_seconds(value / 1000);
    }
    if (unit == "bytes") return short_bytes(value);
    if (unit == "ratio") return six_digits(value * 100) + " %";
    if (unit == "percent") return six_digits(value) + " %";
    return six_digits(value);
}

}  // namespace tocsin::integrations
