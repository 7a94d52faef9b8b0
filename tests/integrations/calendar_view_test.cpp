// The invitation to the analysis, read back from its iCalendar text.
#include <doctest/doctest.h>

#include <set>
#include <string>

#include "base/text.hpp"
#include "integrations/calendar_view.hpp"
#include "support/calendar_reader.hpp"
#include "support/golden.hpp"
#include "support/hostile_texts.hpp"
#include "support/sample_dossier.hpp"

using namespace tocsin;
using namespace tocsin::integrations;
using support::CalendarLine;

namespace {

Result<Meeting> meeting(const Dossier& dossier, const core::Roster& roster) {
    return meeting_of(dossier, roster, "prod", "0123456789abcdef", "https://tocsin.example");
}

std::vector<std::string> values(const std::vector<CalendarLine>& lines, std::string_view name) {
    std::vector<std::string> found;
    for (const CalendarLine& line : lines) {
        if (line.name == name) found.push_back(line.value);
    }
    return found;
}

}  // namespace

TEST_CASE(
    "the invitation, read back, lies 24 to 48 hours after closing and names who took part: "
    "the golden one [H-64]") {
    const Dossier dossier = support::closed_dossier();
    const auto planned = meeting(dossier, support::sample_roster());
    REQUIRE(planned);
    const std::string text = calendar(*planned);
    CHECK(text == support::golden("invitation.ics", text));
    const auto lines = support::read_calendar(text);
    REQUIRE(lines);
    const auto from = support::calendar_instant(values(*lines, "DTSTART").at(0));
    const auto until = support::calendar_instant(values(*lines, "DTEND").at(0));
    REQUIRE((from && until));
    CHECK(*from >= *dossier.incident.closed_at + hours(24));
    CHECK(*until <= *dossier.incident.closed_at + hours(48));
    CHECK(*from == *dossier.incident.aftermath.meeting_from);
    CHECK(*until == *dossier.incident.aftermath.meeting_until);
    CHECK(values(*lines, "BEGIN") == std::vector<std::string>{"VCALENDAR", "VEVENT"});
    CHECK(values(*lines, "END") == std::vector<std::string>{"VEVENT", "VCALENDAR"});
    CHECK(values(*lines, "UID") == std::vector<std::string>{"prod/0123456789abcdef-INC-7-1"});
    CHECK(values(*lines, "METHOD") == std::vector<std::string>{"REQUEST"});
    CHECK(values(*lines, "ORGANIZER") == std::vector<std::string>{"mailto:b@example.com"});
    CHECK(values(*lines, "ATTENDEE") == std::vector<std::string>{"mailto:b@example.com",
                                                                 "mailto:a@example.com",
                                                                 "mailto:e@example.com"});
    CHECK(values(*lines, "URL") ==
          std::vector<std::string>{"https://tocsin.example/incidents/INC-7"});
    const std::string description = support::unescaped(values(*lines, "DESCRIPTION").at(0));
    for (const char* part : {"In what ways did our systems surprise us?\n",
                             "How did it make sense for someone to do what they did?\n",
                             "has no address here: engineer-d"}) {
        CHECK(description.find(part) != std::string::npos);
    }
}

TEST_CASE("who raised it invites; once handed over, the contact does, in the same entry [H-65]") {
    Dossier dossier = support::closed_dossier();
    dossier.incident.declared_by = "engineer-a";
    const auto before = meeting(dossier, support::sample_roster());
    REQUIRE(before);
    CHECK(before->organizer == Guest{"engineer-a", "a@example.com"});
    dossier.incident.aftermath.handed_over_at = support::at("12:00:00");
    const auto after = meeting(dossier, support::sample_roster());
    REQUIRE(after);
    CHECK(after->organizer == Guest{"engineer-e", "e@example.com"});
    CHECK(after->uid == before->uid);
    CHECK(after->sequence > before->sequence);
}

TEST_CASE(
    "there is no invitation while it is open, when it was skipped, or when none is planned "
    "[H-70]") {
    struct Row {
        const char* sentence;
        void (*change)(core::Incident&);
        const char* says;
    };
    const std::vector<Row> rows = {
        {"open", [](core::Incident& it) { it.state = core::IncidentState::monitoring; },
         "still open"},
        {"skipped", [](core::Incident& it) { it.aftermath.skipped = "uneventful"; },
         "skipped: uneventful"},
        {"not planned", [](core::Incident& it) { it.aftermath.meeting_from.reset(); },
         "no meeting is planned"},
    };
    for (const Row& row : rows) {
        CAPTURE(row.sentence);
        Dossier dossier = support::closed_dossier();
        row.change(dossier.incident);
        const auto refused = meeting(dossier, support::sample_roster());
        REQUIRE_FALSE(refused);
        CHECK(refused.error().code == "not_found");
        CHECK(refused.error().message.find(row.says) != std::string::npos);
    }
}

TEST_CASE("without anybody's address it is an entry without guests") {
    const auto planned = meeting(support::closed_dossier(), core::Roster{});
    REQUIRE(planned);
    const auto lines = support::read_calendar(calendar(*planned));
    REQUIRE(lines);
    CHECK(values(*lines, "METHOD") == std::vector<std::string>{"PUBLISH"});
    CHECK(values(*lines, "ATTENDEE").empty());
    CHECK(values(*lines, "ORGANIZER").empty());
}

TEST_CASE("nothing that a stranger writes adds a line or a guest to the invitation") {
    const std::set<std::string> ours = {
        "BEGIN", "VERSION", "PRODID",      "METHOD", "UID",       "SEQUENCE", "DTSTAMP", "DTSTART",
        "DTEND", "SUMMARY", "DESCRIPTION", "URL",    "ORGANIZER", "ATTENDEE", "END"};
    for (std::string text : support::hostile_texts()) {
        if (text.size() > 1'000) text.resize(1'000);
        CAPTURE(text);
        Dossier dossier = support::closed_dossier();
        core::Roster roster = support::sample_roster();
        core::Person hostile;
        hostile.name = text;
        hostile.email = "ok@example.com";
        roster.people.push_back(hostile);
        hostile.name = text + "2";
        hostile.email = text;
        roster.people.push_back(hostile);
        dossier.incident.title = dossier.incident.declared_by = text;
        dossier.incident.people = {text, text + "2", text + "3"};
        const auto planned = meeting(dossier, roster);
        REQUIRE(planned);
        const std::string written = calendar(*planned);
        const auto lines = support::read_calendar(written);
        REQUIRE(lines);
        for (const CalendarLine& line : *lines) CHECK(ours.contains(line.name));
        CHECK(values(*lines, "BEGIN").size() == 2);
        CHECK(values(*lines, "SUMMARY").size() == 1);
        const std::size_t guests = text.empty() ? 3 : 4;
        CHECK(values(*lines, "ATTENDEE").size() == guests);
        for (const std::string& guest : values(*lines, "ATTENDEE")) {
            CHECK(guest.ends_with("@example.com"));
        }
    }
}

TEST_CASE("long lines are folded between code points and read back whole") {
    Meeting long_one;
    long_one.uid = "u";
    for (int i = 0; i < 100; ++i) long_one.title += "\xF0\x9F\x94\xA7\xC3\xA4x, ";
    const auto lines = support::read_calendar(calendar(long_one));
    REQUIRE(lines);
    CHECK(support::unescaped(values(*lines, "SUMMARY").at(0)) == long_one.title);
}
