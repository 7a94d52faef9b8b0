// Backoff, rate limit and probing: the numbers of reliability.md §5.

#include <doctest/doctest.h>

#include "core/limits.hpp"
#include "shell/pace.hpp"

using namespace tocsin;
using shell::backoff;

namespace {
const Instant start = Instant(hours(24));
}

TEST_CASE("backoff has full jitter under a cap that grows, and pages never wait over a minute") {
    struct Row {
        const char* sentence;
        bool urgent;
        int failures;
        double uniform;
        Duration expected;
    };
    const Row rows[] = {
        {"the first retry of a page comes within a second", true, 1, 0.5, milliseconds(500)},
        {"no jitter is no wait", true, 3, 0.0, seconds(0)},
        {"the third within four", true, 3, 0.5, seconds(2)},
        {"the fifth within fifteen", true, 5, 1.0, seconds(15)},
        {"the sixth within thirty", true, 6, 0.5, seconds(15)},
        {"then at least thirty seconds", true, 7, 0.0, seconds(30)},
        {"and at most sixty", true, 100'000, 1.0, seconds(60)},
        {"a message doubles too", false, 4, 0.5, seconds(4)},
        {"up to five minutes", false, 100'000, 1.0, minutes(5)},
        {"a count that was never raised counts as one", false, 0, 1.0, seconds(1)},
    };
    for (const Row& row : rows) {
        CAPTURE(row.sentence);
        CHECK(backoff(row.urgent, row.failures, row.uniform) == row.expected);
    }
}

TEST_CASE("no minute holds more sends than the peer allows, and a fifth waits for critical pages") {
    shell::SendRate rate;
    CHECK(rate.free_at(start, false, 1'000) == start);
    rate.set_per_minute(10);
    for (int n = 0; n < 8; ++n) {
        CHECK(rate.free_at(start + seconds(n), false, 0) == start + seconds(n));
        rate.count(start + seconds(n));
    }
    const Instant now = start + seconds(9);
    CHECK(rate.free_at(now, false, 0) == start + minutes(1));
    CHECK(rate.free_at(now, false, 2) == start + seconds(62));
    CHECK(rate.free_at(now, true, 0) == now);
    CHECK(rate.free_at(now, true, 2) == start + minutes(1));
    rate.count(now);
    rate.count(now);
    CHECK(rate.free_at(now, true, 0) == start + minutes(1));
    CHECK(rate.free_at(now, false, 0) == start + seconds(62));
    CHECK(rate.free_at(start + minutes(2), false, 0) == start + minutes(2));
}

TEST_CASE("promises alone can use up the rate") {
    shell::SendRate rate;
    rate.set_per_minute(1);
    CHECK(rate.free_at(start, false, 0) == start);
    CHECK(rate.free_at(start, false, 1) > start);
}

TEST_CASE("three failures in a row make a lane probe, ever more seldom, until an answer") {
    shell::PeerHealth health;
    health.failed(start, 0.5);
    health.failed(start, 0.5);
    CHECK_FALSE(health.failing());
    health.failed(start, 0.0);
    CHECK(health.failing());
    CHECK(health.probe_at() == start + milliseconds(500));
    for (int n = 0; n < 100; ++n) health.failed(start, 0.999);
    CHECK(health.probe_at() > start + seconds(29));
    CHECK(health.probe_at() <= start + core::limits::probe_interval_max);
    health.answered();
    CHECK_FALSE(health.failing());
}
