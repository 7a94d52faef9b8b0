// Metrics and log lines: all series from the start, nothing from an alert, no forged line.

#include <doctest/doctest.h>

#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <fstream>

#include "core/limits.hpp"
#include "shell/log.hpp"
#include "shell/metrics.hpp"
#include "support/engine_world.hpp"
#include "support/temp_directory.hpp"

using namespace tocsin;
using namespace tocsin::test;
using shell::Metric;

TEST_CASE("every series exists from the start, at zero") {
    shell::Metrics metrics({.version = "1", .integrations = {"pager", "log"}, .sources = {"us"}});
    const std::string text = metrics.text(start_of_world);
    for (const char* line : {"tocsin_pages_total{integration=\"log\",result=\"refused\"} 0",
                             "tocsin_incidents_open{severity=\"critical\"} 0",
                             "tocsin_verdicts_total{outcome=\"not_an_incident\"} 0",
                             "tocsin_requests_refused_total{reason=\"inbox_full\"} 0",
                             "tocsin_oldest_undelivered_seconds{integration=\"pager\"} 0",
                             "tocsin_source_up{source=\"us\"} 1",
                             "tocsin_alert_to_page_seconds_bucket{le=\"0.001\"} 0",
                             "tocsin_build_info{version=\"1\"} 1", "process_open_fds "}) {
        CAPTURE(line);
        CHECK(text.find(line) != std::string::npos);
    }
}

TEST_CASE("a label value that the configuration does not know makes no series") {
    shell::Metrics metrics({.version = "1", .integrations = {"pager"}, .sources = {}});
    metrics.add(Metric::pages, {"evil\"} 1\nforged 1", "accepted"});
    metrics.set(Metric::source_up, 0, {"unknown"});
    CHECK(metrics.text(start_of_world).find("evil") == std::string::npos);
    CHECK(std::isnan(metrics.value(Metric::source_up, {"unknown"})));
    metrics.extend({.version = "1", .integrations = {"pager"}, .sources = {"unknown"}});
    CHECK(metrics.value(Metric::source_up, {"unknown"}) == 1);
}

TEST_CASE("the oldest undelivered is shown as its age, and as zero when there is none") {
    shell::Metrics metrics({.version = "1", .integrations = {"pager"}, .sources = {}});
    metrics.set_oldest("pager", start_of_world);
    CHECK(metrics.text(start_of_world + seconds(90))
              .find("tocsin_oldest_undelivered_seconds{integration=\"pager\"} 90") !=
          std::string::npos);
    metrics.set_oldest("pager", Instant{});
    CHECK(metrics.text(start_of_world + seconds(90))
              .find("tocsin_oldest_undelivered_seconds{integration=\"pager\"} 0") !=
          std::string::npos);
}

TEST_CASE("promtool finds nothing wrong with the metrics") {
    const char* found = std::getenv("TOCSIN_PROMTOOL");
    const std::string promtool = found != nullptr ? found : "promtool";
    if (std::system((promtool + " --version >/dev/null 2>&1").c_str()) != 0) {
        MESSAGE("skipped: no promtool in PATH or TOCSIN_PROMTOOL");
        return;
    }
    EngineWorld world;
    const support::TempDirectory directory;
    const std::string path = directory.path() + "/metrics.txt";
    std::ofstream(path) << world.metrics.text(start_of_world);
    CHECK(std::system((promtool + " check metrics < '" + path + "'").c_str()) == 0);
}

TEST_CASE("no value can forge a line or a field") {
    const std::string line = shell::log_line(shell::LogLevel::info, "verdict",
                                             {{"a", "plain"},
                                              {"b", "two words"},
                                              {"c", "x\nlevel=error msg=forged"},
                                              {"d", "a\"b"},
                                              {"e", ""},
                                              {"f", "\x1b[2J"}});
    CHECK(line.find('\n') == std::string::npos);
    CHECK(line.find('\x1b') == std::string::npos);
    CHECK(line.starts_with("level=info msg=verdict a=plain b=\"two words\" c=\"x\\nlevel=error"));
    CHECK(line.find("d=\"a\\\"b\"") != std::string::npos);
    CHECK(line.find("e=\"\"") != std::string::npos);
}

TEST_CASE("a storm is a bounded number of lines and a count") {
    std::vector<std::string> lines;
    shell::Log log([&](shell::LogLevel, const std::string& line) { lines.push_back(line); });
    core::Verdict verdict;
    verdict.outcome = core::Outcome::incident;
    verdict.rule = "disk-full";
    std::vector<core::Verdict> storm(10'000, verdict);
    core::Verdict quiet;
    quiet.outcome = core::Outcome::unmatched;
    storm.push_back(quiet);
    const auto named = core::limits::verdict_lines_per_batch_max;
    CHECK(log.verdicts(storm) == 10'000 - named);
    REQUIRE(lines.size() == named + 1);
    CHECK(lines.back().find("incident=9980") != std::string::npos);
}
