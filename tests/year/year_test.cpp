// Simulated years: whatever breaks, and whoever sleeps, the promises of the handbook hold.

#include <doctest/doctest.h>

#include <cstdlib>
#include <string>

#include "support/year.hpp"

using namespace tocsin::year;

namespace {

int seeds(int by_default) {
    const char* wish = std::getenv("TOCSIN_TEST_SEEDS");
    return wish != nullptr ? std::atoi(wish) : by_default;
}

std::string said(const Report& report) {
    std::string text;
    for (const std::string& line : report.recent) text += line + "\n";
    for (const std::string& problem : report.problems) text += "PROBLEM " + problem + "\n";
    return text;
}

}  // namespace

TEST_CASE(
    "in a year of outages somebody is always asked until somebody answers, nobody is paged for "
    "what "
    "is no incident, and no reminder is lost or doubled [H-02] [H-27] [H-29] [H-35] [H-62] "
    "[H-73]") {
    const int count = seeds(8);
    Report all;
    for (int seed = 1; seed <= count; ++seed) {
        CAPTURE(seed);
        const Report report = live({.seed = static_cast<std::uint64_t>(seed)});
        CHECK_MESSAGE(report.problems.empty(), said(report));
        CHECK(report.incidents > 50);
        CHECK(report.pages > 100);
        CHECK(report.answers > 50);
        CHECK(report.reminders > 10);
        all.steps += report.steps;
        all.incidents += report.incidents;
        all.pages += report.pages;
        all.reminders += report.reminders;
    }
    MESSAGE(count << " years: " << all.steps << " steps, " << all.incidents << " incidents, "
                  << all.pages << " pages, " << all.reminders << " reminders");
}

TEST_CASE("two runs of a year are identical, and restarts change nothing [B17]") {
    const Options options{.seed = 4711, .days = 200};
    Options without = options;
    without.restarts = false;
    const Report once = live(options);
    const Report again = live(options);
    CHECK_MESSAGE(once.problems.empty(), said(once));
    CHECK(once.digest == again.digest);
    CHECK(once.steps == again.steps);
    CHECK(once.digest == live(without).digest);
    CHECK(once.digest != live({.seed = 4712, .days = 200}).digest);
}

TEST_CASE("whatever is sabotaged in a year, the checker finds it") {
    for (const Sabotage sabotage : sabotages) {
        CAPTURE(name(sabotage));
        const Report report = live({.seed = 7, .days = 200, .sabotage = sabotage});
        CHECK(report.sabotaged);
        CHECK_FALSE(report.problems.empty());
    }
}
