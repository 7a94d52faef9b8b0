// Durations as Prometheus writes them, instants as RFC 3339 writes them.

#include "base/time.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <limits>
#include <string>

using namespace tocsin;

TEST_CASE("durations are read and written as Prometheus does") {
    struct Row {
        const char* text;
        Duration expected;
        const char* written;
    };
    const Row rows[] = {
        {"0", seconds(0), "0s"},
        {"0s", seconds(0), "0s"},
        {"15s", seconds(15), "15s"},
        {"250ms", milliseconds(250), "250ms"},
        {"1500ms", milliseconds(1'500), "1s500ms"},
        {"5m", minutes(5), "5m"},
        {"1h30m", minutes(90), "1h30m"},
        {"90m", minutes(90), "1h30m"},
        {"24h", hours(24), "1d"},
        {"3d", hours(72), "3d"},
        {"7d", hours(168), "1w"},
        {"8d", hours(192), "8d"},
        {"2w", hours(336), "2w"},
        {"1y", hours(24 * 365), "1y"},
        {"1d2h3m4s5ms", hours(26) + minutes(3) + seconds(4) + milliseconds(5), "1d2h3m4s5ms"},
        {"1h0m", hours(1), "1h"},
    };
    for (const Row& row : rows) {
        INFO(row.text);
        const auto duration = parse_duration(row.text);
        REQUIRE(duration);
        CHECK(*duration == row.expected);
        CHECK(format_duration(*duration) == row.written);
        CHECK(*parse_duration(row.written) == row.expected);
    }
    CHECK(format_duration(seconds(-90)) == "-1m30s");
    CHECK(format_duration(Duration::min()).starts_with("-"));
}

TEST_CASE("what is not a duration is refused with the reason") {
    struct Row {
        const char* text;
        const char* why;
    };
    const Row rows[] = {
        {"", "it is empty"},
        {"5", "a unit is missing"},
        {"00", "a unit is missing"},
        {"-5m", "a number was expected"},
        {"m", "a number was expected"},
        {"5 m", "the units are"},
        {"5min", "the units are"},
        {"1.5h", "the units are"},
        {"5M", "the units are"},
        {"1m1h", "units must fall"},
        {"1m1m", "units must fall"},
        {"300000y", "out of range"},
        {"99999999999999999999s", "out of range"},
        {"9223372036854775807ms", "out of range"},
        {"5m ", "the units are"},
    };
    for (const Row& row : rows) {
        INFO(row.text);
        const auto duration = parse_duration(row.text);
        REQUIRE_FALSE(duration);
        CHECK(duration.error().code == "bad_duration");
        CHECK(duration.error().message.find(row.why) != std::string::npos);
    }
}

TEST_CASE("RFC 3339 instants are read with any fraction and offset") {
    struct Row {
        const char* text;
        const char* written;
    };
    const Row rows[] = {
        {"2026-03-01T02:00:00Z", "2026-03-01T02:00:00.000Z"},
        {"2026-03-01t02:00:00z", "2026-03-01T02:00:00.000Z"},
        {"2026-03-01T02:00:00.5Z", "2026-03-01T02:00:00.500Z"},
        {"2026-03-01T02:00:00.123456789Z", "2026-03-01T02:00:00.123Z"},
        {"2026-03-01T02:00:00+02:00", "2026-03-01T00:00:00.000Z"},
        {"2026-02-28T23:30:00-05:30", "2026-03-01T05:00:00.000Z"},
        {"0001-01-01T00:00:00Z", "0001-01-01T00:00:00.000Z"},
        {"1969-12-31T23:59:59.999Z", "1969-12-31T23:59:59.999Z"},
        {"9999-12-31T23:59:59Z", "9999-12-31T23:59:59.000Z"},
        {"2024-02-29T00:00:00Z", "2024-02-29T00:00:00.000Z"},
        {"2016-12-31T23:59:60Z", "2017-01-01T00:00:00.000Z"},
    };
    for (const Row& row : rows) {
        INFO(row.text);
        const auto instant = parse_rfc3339(row.text);
        REQUIRE(instant);
        CHECK(format_rfc3339(*instant) == row.written);
    }
    CHECK(parse_rfc3339("1970-01-01T00:00:00.123456789Z")->time_since_epoch() == Duration(123'456));
}

TEST_CASE("what is not an RFC 3339 instant is refused") {
    const char* rows[] = {
        "",
        "2026-03-01",
        "2026-03-01T02:00Z",
        "2026-03-01T02:00:00",
        "2026-03-01 02:00:00Z",
        "2026-13-01T00:00:00Z",
        "2026-00-01T00:00:00Z",
        "2026-02-30T00:00:00Z",
        "2025-02-29T00:00:00Z",
        "2026-03-01T24:00:00Z",
        "2026-03-01T02:60:00Z",
        "2026-03-01T02:00:61Z",
        "2026-03-01T02:00:00.Z",
        "2026-03-01T02:00:00.1234567890Z",
        "2026-03-01T02:00:00+0200",
        "2026-03-01T02:00:00+24:00",
        "2026-03-01T02:00:00Zx",
        "+026-03-01T02:00:00Z",
    };
    for (const char* row : rows) {
        INFO(row);
        CHECK_FALSE(parse_rfc3339(row));
    }
}

TEST_CASE("instants convert to Unix seconds and back to the microsecond") {
    const Instant instant = *parse_rfc3339("2026-03-01T02:00:00.123456Z");
    CHECK(to_unix_seconds(instant) == doctest::Approx(1772330400.123456).epsilon(1e-15));
    CHECK(from_unix_seconds(to_unix_seconds(instant)) == instant);
    CHECK(from_unix_seconds(-1.5) == Instant(milliseconds(-1'500)));
    CHECK(from_unix_seconds(std::nan("")) == Instant{});
    CHECK(from_unix_seconds(std::numeric_limits<double>::infinity()) >
          *parse_rfc3339("9999-12-31T23:59:59Z"));
    CHECK(to_seconds(milliseconds(1'500)) == 1.5);
}
