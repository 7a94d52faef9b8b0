// The simulated runtime: virtual time, order, and what a seed may change.
#include "shell/runtime_simulated.hpp"

#include <doctest/doctest.h>

#include <set>
#include <string>

using namespace tocsin;
using shell::RuntimeSimulated;

namespace {

const Instant start = Instant(hours(24));

std::string order_with_seed(std::uint64_t seed) {
    RuntimeSimulated runtime(start, seed);
    std::string order;
    for (const char name : {'a', 'b', 'c'}) {
        runtime.at(start + seconds(1), [&order, name] { order += name; });
    }
    runtime.at(start + seconds(1), [&] { runtime.post([&order] { order += 'p'; }); });
    runtime.at(start + seconds(2), [&order] { order += 'z'; });
    runtime.run_until(start + seconds(2));
    return order;
}

}  // namespace

TEST_CASE("time stands still until everything due has run, then jumps to the next timer") {
    RuntimeSimulated runtime(start);
    std::string order;
    runtime.at(start + minutes(5),
               [&] { order += runtime.now() == start + minutes(5) ? "5" : "!"; });
    runtime.at(start + minutes(1),
               [&] { order += runtime.now() == start + minutes(1) ? "1" : "!"; });
    runtime.post([&] { order += runtime.now() == start ? "0" : "!"; });
    CHECK(runtime.next_due() == start);
    runtime.run_until_idle();
    CHECK(order == "0");
    CHECK(runtime.next_due() == start + minutes(1));
    runtime.run_until(start + minutes(4));
    CHECK(order == "01");
    CHECK(runtime.now() == start + minutes(4));
    runtime.run_for(minutes(1));
    CHECK(order == "015");
    CHECK_FALSE(runtime.next_due());
}

TEST_CASE("a timer in the past runs now, and time never goes back") {
    RuntimeSimulated runtime(start);
    bool ran = false;
    runtime.at(start - hours(1), [&] { ran = true; });
    runtime.run_until_idle();
    CHECK(ran);
    CHECK(runtime.now() == start);
}

TEST_CASE("posted tasks keep their order whatever the seed") {
    for (std::uint64_t seed = 0; seed < 50; ++seed) {
        RuntimeSimulated runtime(start, seed);
        std::string order;
        for (const char name : {'a', 'b', 'c', 'd'}) {
            runtime.post([&order, name] { order += name; });
        }
        runtime.run_until_idle();
        CHECK(order == "abcd");
    }
}

TEST_CASE("a seed decides the order of timers due at one instant, always in the same way") {
    CHECK(order_with_seed(0) == "abcpz");
    std::set<std::string> orders;
    for (std::uint64_t seed = 1; seed < 1'000; ++seed) {
        const std::string order = order_with_seed(seed);
        CHECK(order == order_with_seed(seed));
        CHECK(order.back() == 'z');
        orders.insert(order);
    }
    CHECK(orders.size() == 24);  // a, b, c and p, in every order
}

TEST_CASE("a crash drops every task") {
    RuntimeSimulated runtime(start);
    bool ran = false;
    runtime.post([&] { ran = true; });
    runtime.at(start + seconds(1), [&] { ran = true; });
    runtime.clear();
    runtime.run_until(start + seconds(2));
    CHECK_FALSE(ran);
}

TEST_CASE("seeded randomness is uniform enough and repeats") {
    shell::RandomSeeded one(7);
    shell::RandomSeeded other(7);
    double sum = 0;
    for (int i = 0; i < 10'000; ++i) {
        const double number = one.uniform();
        CHECK(number == other.uniform());
        REQUIRE(number >= 0);
        REQUIRE(number < 1);
        sum += number;
    }
    CHECK(sum / 10'000 == doctest::Approx(0.5).epsilon(0.03));
    CHECK(one.below(0) == 0);
    shell::RandomSystem system;
    CHECK(system.uniform() != system.uniform());
}
