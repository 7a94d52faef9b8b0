// The analysis as Markdown and HTML: golden texts, what must be in it, and what must not.
#include <doctest/doctest.h>

#include <set>
#include <string>

#include "base/text.hpp"
#include "integrations/analysis_view.hpp"
#include "support/golden.hpp"
#include "support/hostile_texts.hpp"
#include "support/html_reader.hpp"
#include "support/sample_dossier.hpp"

using namespace tocsin;
using namespace tocsin::integrations;

namespace {

const Measure in_seconds{.unit = "seconds", .threshold = 300};

bool has(const std::string& text, std::string_view part) {
    return text.find(part) != std::string::npos;
}

std::vector<std::string> lines_of(const std::string& text) {
    std::vector<std::string> lines;
    for (const auto line : split(text, '\n')) lines.emplace_back(line);
    return lines;
}

std::vector<std::string> headings_of(const std::string& markdown) {
    std::vector<std::string> headings;
    for (const std::string& line : lines_of(markdown)) {
        if (line.starts_with("## ")) headings.push_back(line.substr(3));
    }
    return headings;
}

const std::vector<std::string> expected_headings = {
    "How long it took",
    "How bad it was",
    "What customers were told, and when",
    "Timeline",
    "In what ways did our systems surprise us?",
    "How did it make sense for someone to do what they did?",
    "Learnings",
};

/// Characters that Markdown would act on, outside of our own markup.
std::string unescaped_specials(std::string line) {
    for (const std::string ours : {"<br>", "# ", "## ", "- "}) {
        for (auto at = line.find(ours); at != std::string::npos; at = line.find(ours, at)) {
            const bool only_at_start = ours != "<br>";
            if (only_at_start && at != 0) break;
            line.erase(at, ours.size());
            if (only_at_start) break;
        }
    }
    std::string found;
    for (std::size_t i = 0; i < line.size(); ++i) {
        if (line[i] == '\\') {
            ++i;
        } else if (std::string_view("`*_[]<>#|~&$@").find(line[i]) != std::string_view::npos) {
            found += line[i];
        }
    }
    return found;
}

Dossier hostile_dossier(const std::string& text) {
    Dossier dossier = support::closed_dossier();
    core::Incident& incident = dossier.incident;
    for (std::string* field :
         {&incident.title, &incident.key, &incident.rule, &incident.cite, &incident.lead,
          &incident.declared_by, &incident.cause, &incident.fix, &incident.component,
          &incident.threshold, &incident.aftermath.skipped, &incident.aftermath.skipped_by}) {
        *field = text;
    }
    incident.people = {text};
    incident.runbook_url = text;
    incident.labels = Labels{{"name", text}};
    for (auto& entry : dossier.timeline) entry.by = entry.what = entry.text = text;
    for (auto& verdict : dossier.verdicts) {
        verdict.rule = verdict.cite = verdict.detail = verdict.threshold = text;
        verdict.labels = Labels{{"name", text}};
    }
    for (auto& delivery : dossier.deliveries) {
        delivery.effect.text = delivery.effect.integration = delivery.error = text;
    }
    return dossier;
}

}  // namespace

TEST_CASE(
    "an analysis has the entire timeline, the handbook's two questions and learnings: the "
    "golden ones [H-66] [H-67] [H-68] [C6]") {
    const Dossier dossier = support::closed_dossier();
    const std::string markdown = analysis_markdown(dossier, in_seconds);
    CHECK(markdown == support::golden("analysis.md", markdown));
    const std::string html = analysis_html(dossier, in_seconds);
    CHECK(html == support::golden("analysis.html", html));
    CHECK(headings_of(markdown) == expected_headings);
    CHECK(support::read_html(html).problem == "");
}

TEST_CASE("an analysis asks for learnings, never for action items [H-69]") {
    for (const std::string& text : {analysis_markdown(support::closed_dossier(), in_seconds),
                                    analysis_html(support::closed_dossier(), in_seconds)}) {
        CHECK(has(text, "Learnings"));
        std::string lower = text;
        for (char& c : lower) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
        CHECK_FALSE(has(lower, "action item"));
        CHECK_FALSE(has(lower, "action-item"));
    }
}

TEST_CASE("the timeline is in order, with what the engine knew at each moment [H-67]") {
    const std::string markdown = analysis_markdown(support::closed_dossier(), in_seconds);
    std::size_t at = markdown.find("## Timeline");
    REQUIRE(at != std::string::npos);
    for (const char* part :
         {"02:00:00.000 **tocsin** *verdict* ingestion-lag", "value 6m 41s against \\> 5m",
          "02:00:00.000 **tocsin** *declared*", "02:00:01.000 **tocsin** *accepted*",
          "02:03:10.000 **engineer-b** *acknowledged*", "*delivery* update to chat, dead",
          "02:05:00.000 **tocsin** *verdict*", "value 22m against",
          "Partition 7 is stuck.<br>Restarting its consumer.", "*severity* major to critical",
          "*statuspage* investigating", "consumer restarted \\[value 4m\\]",
          "03:30:00.000 **engineer-b** *closed*"}) {
        CAPTURE(part);
        at = markdown.find(part, at);
        REQUIRE(at != std::string::npos);
    }
}

TEST_CASE(
    "durations are to detect, declare, acknowledge, mitigate and resolve; the rest is unknown") {
    const std::string markdown = analysis_markdown(support::closed_dossier(), in_seconds);
    for (const char* part :
         {"To detect, from its beginning**: 6 minutes (2026-03-01 01:54:00.000 to",
          "To declare, from detecting it**: 0 seconds",
          "To acknowledge, from declaring it**: 3 minutes 10 seconds",
          "To mitigate, from declaring it**: 20 minutes",
          "To resolve, from declaring it**: 1 hour 30 minutes"}) {
        CAPTURE(part);
        CHECK(has(markdown, part));
    }
    Dossier dossier = support::open_dossier();
    dossier.incident.began_at.reset();
    dossier.incident.acknowledged_at.reset();
    const std::string open = analysis_markdown(dossier, in_seconds);
    for (const char* part : {"To detect, from its beginning**: unknown",
                             "To acknowledge, from declaring it**: unknown",
                             "To mitigate, from declaring it**: unknown",
                             "To resolve, from declaring it**: unknown", "still open"}) {
        CAPTURE(part);
        CHECK(has(open, part));
    }
}

TEST_CASE("a skipped analysis says who skipped it and why [H-70]") {
    Dossier dossier = support::closed_dossier();
    dossier.incident.aftermath.skipped = "pretty uneventful";
    dossier.incident.aftermath.skipped_by = "engineer-b";
    CHECK(has(analysis_markdown(dossier, in_seconds), "skipped by engineer-b: pretty uneventful"));
    CHECK(has(analysis_html(dossier, in_seconds), "skipped by engineer-b: pretty uneventful"));
}

TEST_CASE("an analysis that lacks the oldest rows says so") {
    Dossier dossier = support::closed_dossier();
    CHECK_FALSE(has(analysis_markdown(dossier, in_seconds), "only its newest part"));
    dossier.complete = false;
    CHECK(has(analysis_markdown(dossier, in_seconds), "only its newest part"));
}

TEST_CASE("nothing that a stranger writes breaks out of either form of the analysis") {
    for (const std::string& text : support::hostile_texts()) {
        CAPTURE(text.substr(0, 80));
        const Dossier dossier = hostile_dossier(text);
        const std::string markdown = analysis_markdown(dossier, in_seconds);
        CHECK(is_valid_utf8(markdown));
        CHECK(headings_of(markdown) == expected_headings);
        for (const std::string& line : lines_of(markdown)) {
            CAPTURE(line.substr(0, 200));
            const std::string specials = unescaped_specials(line);
            // Bold and emphasis of a fact, of an entry, of a question; or of the title nothing.
            CHECK((specials.empty() || specials == "**" || specials == "****" ||
                   specials == "******"));
            CHECK((line.empty() || line.starts_with("# ") || line.starts_with("## ") ||
                   line.starts_with("- ") || line.starts_with("*") || line.starts_with("The ") ||
                   line.starts_with("Nothing") || line.starts_with("Everything")));
        }
        const auto html = support::read_html(analysis_html(dossier, in_seconds));
        CHECK(html.problem == "");
        for (const auto& tag : html.tags) {
            const std::set<std::string> simple = {"html", "head", "meta", "title", "body",
                                                  "h1",   "h2",   "p",    "em",    "table",
                                                  "tr",   "td",   "bdi",  "br",    "a"};
            CHECK(simple.contains(tag.name));
        }
        CHECK(html.count("a") == 0);
    }
}

TEST_CASE("the file is called by day and title, ready for a pull request [C6]") {
    core::Incident incident = support::sample_incident();
    CHECK(analysis_file_name(incident, ".md") ==
          "2026-03-01-event-ingestion-is-6m-41s-behind-in-us.md");
    struct Row {
        const char* title;
        const char* name;
    };
    for (const Row& row :
         std::vector<Row>{{"../../etc/passwd", "2026-03-01-etc-passwd.md"},
                          {"--- \"quotes\" & more ---", "2026-03-01-quotes-more.md"},
                          {"\xD9\x85\xD8\xB1", "2026-03-01-inc-7.md"},
                          {"", "2026-03-01-inc-7.md"},
                          {"a\r\nX-Header: b", "2026-03-01-a-x-header-b.md"}}) {
        CAPTURE(row.title);
        incident.title = row.title;
        CHECK(analysis_file_name(incident, ".md") == row.name);
    }
    incident.title = std::string(1'000, 'x');
    CHECK(analysis_file_name(incident, ".md").size() == 11 + 60 + 3);
}
