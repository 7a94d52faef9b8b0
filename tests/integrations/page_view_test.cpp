// The page of an incident: golden text, what it offers to whom, and that nothing breaks out of it.
#include <doctest/doctest.h>

#include <string>

#include "base/text.hpp"
#include "core/limits.hpp"
#include "integrations/markup.hpp"
#include "integrations/page_view.hpp"
#include "integrations/plot.hpp"
#include "integrations/sign.hpp"
#include "integrations/spoken.hpp"
#include "support/golden.hpp"
#include "support/hostile_texts.hpp"
#include "support/html_reader.hpp"
#include "support/sample_dossier.hpp"

using namespace tocsin;
using namespace tocsin::integrations;

namespace {

PageContent sample_content() {
    PageContent content;
    content.dossier = support::open_dossier();
    content.measure = {.unit = "seconds", .threshold = 300};
    content.on_call = {"engineer-b"};
    content.call_url = "https://call.example/42";
    content.viewer = "engineer-a";
    content.may_act = true;
    content.now = support::at("02:14:33");
    return content;
}

bool has(const std::string& text, std::string_view part) {
    return text.find(part) != std::string::npos;
}

/// Every text that a stranger could have written is this one.
PageContent hostile_content(const std::string& text) {
    PageContent content = sample_content();
    core::Incident& incident = content.dossier.incident;
    for (std::string* field : {&incident.title,
                               &incident.key,
                               &incident.rule,
                               &incident.cite,
                               &incident.threshold,
                               &incident.runbook_url,
                               &incident.source_url,
                               &incident.lead,
                               &incident.acknowledged_by,
                               &incident.declared_by,
                               &incident.cause,
                               &incident.fix,
                               &incident.component,
                               &incident.communication.draft,
                               &incident.banner.text,
                               &incident.pages.at(0).person,
                               &incident.pages.at(0).integration,
                               &incident.pages.at(0).error,
                               &content.viewer,
                               &content.call_url}) {
        *field = text;
    }
    incident.banner.on = true;
    incident.communication_due = content.now;
    incident.people = {text, text};
    incident.labels = Labels{{"name", text}, {text.substr(0, 60), "value"}};
    for (core::TimelineEntry& entry : content.dossier.timeline) {
        entry.by = entry.what = entry.text = text;
    }
    content.on_call = {text};
    return content;
}

}  // namespace

TEST_CASE(
    "the page says what, since when, how bad, who, and where to go: the golden one [H-48] "
    "[H-49]") {
    const std::string html = incident_page(sample_content());
    CHECK(html == support::golden("page.html", html));
    const auto read = support::read_html(html);
    CHECK(read.problem == "");
    for (const char* part : {"14 minutes", "2026-03-01 02:00:00 UTC", "major", "INC-7", "6m 41s",
                             "&gt; 5m", "https://runbooks.example/lag", "https://call.example/42",
                             "engineer-b", "&gt;5 minute ingestion lag", "Partition 7 is stuck.",
                             "asked", "accepted", "a &quot;quoted&quot; name"}) {
        CAPTURE(part);
        CHECK(has(html, part));
    }
}

TEST_CASE("a page acts only by forms that post, and offers only what is left to do") {
    struct Row {
        const char* sentence;
        void (*change)(PageContent&);
        bool acknowledge, lead, note, name;
    };
    const std::vector<Row> rows = {
        {"nobody has acknowledged",
         [](PageContent& content) {
             content.dossier.incident.state = core::IncidentState::triage;
             content.dossier.incident.acknowledged_at.reset();
             content.dossier.incident.lead.clear();
         },
         true, true, true, false},
        {"somebody else leads", [](PageContent&) {}, false, true, true, false},
        {"the viewer leads", [](PageContent& content) { content.viewer = "engineer-b"; }, false,
         false, true, false},
        {"a link for nobody in particular", [](PageContent& content) { content.viewer.clear(); },
         false, true, true, true},
        {"it is over",
         [](PageContent& content) {
             content.dossier.incident.state = core::IncidentState::closed;
             content.dossier.incident.closed_at = content.now;
         },
         false, false, true, false},
        {"the token may only read", [](PageContent& content) { content.may_act = false; }, false,
         false, false, false},
    };
    for (const Row& row : rows) {
        CAPTURE(row.sentence);
        PageContent content = sample_content();
        row.change(content);
        const std::string html = incident_page(content);
        CHECK(has(html, "value=\"ack\"") == row.acknowledge);
        CHECK(has(html, "value=\"lead\"") == row.lead);
        CHECK(has(html, "value=\"note\"") == row.note);
        CHECK(has(html, "name=\"by\"") == row.name);
        const auto read = support::read_html(html);
        CHECK(read.problem == "");
        for (const auto& tag : read.tags) {
            if (tag.name == "form") CHECK(tag.attribute("method") == "post");
        }
    }
}

TEST_CASE("nothing that a stranger writes becomes markup on the page") {
    for (const std::string& text : support::hostile_texts()) {
        CAPTURE(text.substr(0, 80));
        const std::string html = incident_page(hostile_content(text));
        const auto read = support::read_html(html);
        REQUIRE(read.problem == "");
        CHECK(is_valid_utf8(html));
        for (const char* name : {"script", "img", "iframe", "object", "link", "base", "embed"}) {
            CHECK(read.count(name) == 0);
        }
        CHECK(read.count("style") == 1);
        CHECK(read.count("h1") == 1);
        for (const auto& tag : read.tags) {
            for (const auto& [name, value] : tag.attributes) {
                CHECK_FALSE(name.starts_with("on"));
                CHECK(name != "style");
                if (name == "href") CHECK((value.empty() || is_web_link(value)));
            }
        }
        CHECK(html.size() < 300UL << 10);
        for (const char c : html) {
            if (static_cast<unsigned char>(c) < 0x20 || c == 0x7F) CHECK((c == '\n' || c == '\t'));
        }
        for (const char* hidden :
             {"\xE2\x80\xAE", "\xE2\x81\xA6", "\xE2\x80\x8B", "\xEF\xBB\xBF"}) {
            CHECK_FALSE(has(html, hidden));
        }
    }
}

TEST_CASE("only web addresses become links; others are shown as text") {
    struct Row {
        const char* url;
        bool link;
    };
    for (const Row& row : std::vector<Row>{{"https://runbooks.example/a?b=c&d#e", true},
                                           {"HTTP://Example/", true},
                                           {"http://", false},
                                           {"javascript:alert(1)", false},
                                           {" https://x", false},
                                           {"https://x/\"onclick=", false},
                                           {"https://x/a b", false},
                                           {"//evil.example", false},
                                           {"", false}}) {
        CAPTURE(row.url);
        CHECK(is_web_link(row.url) == row.link);
    }
}

TEST_CASE("the policy lets in the page's own style sheet and nothing else") {
    const std::string policy = page_policy();
    CHECK(has(policy, "default-src 'none'"));
    CHECK(has(policy, "'sha256-" + base64(sha256(page_style())) + "'"));
    CHECK(has(policy, "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"));
    CHECK_FALSE(has(policy, "unsafe"));
    const std::string html = incident_page(sample_content());
    CHECK(has(html, "<style>" + std::string(page_style()) + "</style>"));
    CHECK_FALSE(has(std::string(page_style()), "url("));
    CHECK_FALSE(has(std::string(page_style()), "@import"));
    for (const bool keyed : {true, false}) {
        bool found = false;
        for (const auto& [name, value] : page_headers(keyed)) {
            if (name != "Referrer-Policy") continue;
            found = true;
            CHECK(value == (keyed ? "no-referrer" : "same-origin"));
        }
        CHECK(found);
    }
}

TEST_CASE("the plot shows values and threshold, and says so to who cannot see it") {
    const PageContent content = sample_content();
    const Plot plot = plot_of(content.dossier, content.measure);
    REQUIRE(plot.lines.size() == 1);
    CHECK(plot.lines[0].size() == 4);  // the declaration's value is the first verdict's
    const std::string drawing = svg(plot);
    CHECK(support::read_html(drawing).problem == "");
    CHECK(has(drawing, "role=\"img\""));
    CHECK(has(drawing,
              "4 measurements from 2026-03-01 02:00:00 UTC to 2026-03-01 02:13:00 UTC. "
              "Lowest 6m 41s, highest 40m, latest 15m. Threshold 5m."));
    CHECK(has(drawing, "class=\"threshold\""));

    Dossier empty = content.dossier;
    empty.verdicts.clear();
    empty.timeline.clear();
    CHECK(svg(plot_of(empty, {})).empty());

    // Thinned to what can be seen, and its peak is kept.
    Dossier many = empty;
    for (int i = 0; i < 50'000; ++i) {
        auto verdict =
            support::lag_verdict("02:00:00", i == 25'000 ? 9e6 : i % 7, core::Outcome::incident);
        verdict.at += seconds(i);
        many.verdicts.push_back(verdict);
    }
    const std::string thin = svg(plot_of(many, {}));
    CHECK(thin.size() < 20'000);
    CHECK(has(thin, "highest 9e+06"));

    Dossier wild = empty;
    for (const double value : {-1e300, 0.0, 1e300}) {
        wild.verdicts.push_back(support::lag_verdict("02:00:00", value, core::Outcome::incident));
    }
    CHECK_FALSE(has(svg(plot_of(wild, {})), "nan"));
    CHECK_FALSE(has(svg(plot_of(wild, {})), "inf"));
}

TEST_CASE("times and values are said as people say them") {
    const Instant now = support::at("02:14:33");
    CHECK(ago(support::at("02:00:00"), now) == "14 minutes ago");
    CHECK(ago(support::at("02:14:03"), now) == "30 seconds ago");
    CHECK(ago(now, now) == "just now");
    CHECK(ago(support::at("03:20:33"), now) == "in 1 hour 6 minutes");
    CHECK(spoken(hours(75)) == "3 days 3 hours");
    CHECK(spoken(Duration(milliseconds(14))) == "14 milliseconds");
    CHECK(measured(401, "seconds") == "6m 41s");
    CHECK(measured(90'061, "seconds") == "1d 1h");
    CHECK(measured(3'605, "seconds") == "1h");
    CHECK(measured(12.5, "seconds") == "12.5 s");
    CHECK(measured(0.953, "ratio") == "95.3 %");
    CHECK(measured(1.5 * 1024 * 1024 * 1024, "bytes") == "1.5 GiB");
    CHECK(measured(0.1 + 0.2, "") == "0.3");
}
