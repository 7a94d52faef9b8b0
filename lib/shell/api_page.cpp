// The page of an incident: who may open it, what it shows, and the three things it can do.
#include <array>
#include <utility>

#include "base/text.hpp"
#include "core/limits.hpp"
#include "integrations/json.hpp"
#include "integrations/link.hpp"
#include "integrations/page_view.hpp"
#include "shell/api_routes.hpp"
#include "shell/form.hpp"

namespace tocsin::shell {
namespace {

using integrations::LinkHolder;

HttpReply page(int status, std::string html, bool address_is_key) {
    return {.status = status,
            .content_type = "text/html; charset=utf-8",
            .body = std::move(html),
            .headers = integrations::page_headers(address_is_key)};
}

/// The same for a wrong key, one that is void, and an incident that is not there: who guesses
/// learns nothing.
HttpReply closed_door() {
    return page(403,
                integrations::notice_page(
                    "This link does not work",
                    "It may be older than a day after the end of its incident, or it is not "
                    "complete. Open the newest message about the incident, or ask whoever is on "
                    "call."),
                true);
}

HttpReply needs_link() {
    auto reply = page(401,
                      integrations::notice_page(
                          "This page opens with its own link",
                          "Use the link in the message that you were sent about the incident."),
                      true);
    reply.headers.emplace_back("WWW-Authenticate", "Bearer realm=\"tocsin\"");
    return reply;
}

HttpReply notice(int status, std::string_view heading, std::string_view sentence,
                 std::string_view back = {}) {
    return page(status, integrations::notice_page(heading, sentence, back), true);
}

/// Refusals on the way (full, failing) are JSON; whoever looks at this is a person.
Reply in_words(Reply reply) {
    return [reply = std::move(reply)](HttpReply answer) {
        if (answer.status == 503 && answer.content_type == "application/json") {
            auto words = notice(503, "Not now",
                                "tocsin cannot do this at the moment. Try again in a few seconds.");
            words.headers.emplace_back("Retry-After", "5");
            answer = std::move(words);
        }
        reply(std::move(answer));
    };
}

/// One request for a page whose permission has been given already.
struct Visit {
    std::uint64_t number = 0;
    std::string key;                   // as in the address; empty: came with a token, or none
    std::optional<LinkHolder> holder;  // of that key

    /// The page's own address as seen from itself: it also works behind a path of a proxy.
    [[nodiscard]] std::string address() const {
        return core::incident_id(number) + (key.empty() ? "" : "?k=" + key);
    }
};

Visit visit_of(const Api::Call& call) {
    Visit visit;
    visit.number = core::incident_number(call.id).value_or(0);
    if (auto key = call.request.parameter("k")) {
        visit.holder = integrations::read_link_key(call.settings->link_key, visit.number, *key);
        if (visit.holder) visit.key = *std::move(key);
    }
    return visit;
}

/// Nothing if the incident may be seen; else the answer to give instead.
std::optional<HttpReply> refusal_of(const Visit& visit,
                                    const Result<std::optional<IncidentDossier>>& found,
                                    Instant now) {
    if (!found) return HttpReply::error(503, found.error());
    if (!*found) {
        if (visit.holder) return closed_door();
        return notice(404, "There is no such incident",
                      core::incident_id(visit.number) + " does not exist.");
    }
    const bool is_void =
        visit.holder && integrations::link_is_void((*found)->incident, (*found)->timeline,
                                                   visit.holder->episode, now);
    if (is_void) return closed_door();
    return std::nullopt;
}

HttpReply rendered(const Visit& visit, IncidentDossier dossier, bool may_act,
                   const ApiSettings& settings, Instant now) {
    integrations::PageContent content;
    content.dossier = std::move(dossier);
    content.viewer = visit.holder ? visit.holder->person : "";
    content.may_act = may_act;
    content.now = now;
    if (settings.ruleset) {
        const core::Ruleset& ruleset = *settings.ruleset;
        content.measure = integrations::measure_of(ruleset, content.dossier.incident);
        content.on_call = ruleset.roster.on_call(now);
        content.call_url = ruleset.policy.call_url;
    }
    return page(200, integrations::incident_page(content), visit.holder.has_value());
}

// ---- Acting

struct Wish {
    std::string name;  // of the command, as the API calls it
    core::Command command;
};

std::optional<Wish> wish_of(const Form& form) {
    const std::string what = form.value("do");
    if (what == "ack") return Wish{what, core::Acknowledge{}};
    if (what == "lead") return Wish{what, core::TakeLead{}};
    const std::string text = to_valid_utf8(form.value("text"));
    if (what == "note" && !trim(text).empty()) return Wish{what, core::Note{text}};
    return std::nullopt;
}

/// The journal holds it as the API's command, so that a replay knows only one form.
JournalRow journal_of(const Visit& visit, const std::string& by, const Wish& wish) {
    auto body = integrations::Json::object({{"by", by}});
    if (const auto* note = std::get_if<core::Note>(&wish.command)) body.set("text", note->text);
    return {.at = {},
            .kind = "command",
            .source = by,
            .body = "/api/v1/incidents/" + core::incident_id(visit.number) + "/" + wish.name +
                    "\n" + body.dump()};
}

HttpReply done(const Visit& visit) {
    HttpReply reply = page(303, "", true);
    reply.headers.emplace_back("Location", visit.address());
    return reply;
}

void give(Api& api, const Reply& reply, const Visit& visit, const std::string& by, Wish wish,
          Instant received) {
    Input input;
    input.received = received;
    input.journal = journal_of(visit, by, wish);
    input.events.emplace_back(
        core::CommandGiven{.incident = visit.number, .by = by, .command = std::move(wish.command)});
    input.then = [reply, visit](const Answer& answer) {
        if (answer.kind != Answer::Kind::committed) {
            return reply(HttpReply::error(503, Error{"store_failing", ""}));
        }
        if (!answer.refusal) return reply(done(visit));
        reply(notice(409, "That was not possible", answer.refusal->message, visit.address()));
    };
    api.offer(reply, std::move(input));
}

/// Whose act it is: the link's person, else the name in the form; empty if neither is usable.
std::string person_of(const Visit& visit, const Form& form) {
    if (visit.holder && !visit.holder->person.empty()) return visit.holder->person;
    const std::string name(trim(to_valid_utf8(form.value("by"))));
    const bool usable = name.size() <= core::limits::name_bytes_max && one_line(name) == name;
    return usable ? name : "";
}

}  // namespace

// A key in the address is permission by itself, and needs no defence against other sites: it is no
// cookie, so a browser never adds it to a request of theirs, and they do not know it (the page
// tells no Referer). A token may be added by a browser (Basic), so a POST without a key must come
// from our own page or from no page at all.
Permission permit_page(const ApiSettings& settings, const RouteMatch& match, const HttpIn& head) {
    const bool acts = head.method == "POST";
    if (const auto key = head.parameter("k")) {
        const auto number = core::incident_number(match.id);
        const bool fits =
            number && integrations::read_link_key(settings.link_key, *number, *key).has_value();
        if (fits) return {};
        return {.refusal = closed_door(), .token = nullptr};
    }
    const Need need = acts ? Need::command : Need::read;
    Permission permission = permit(settings.access, need, head);
    const bool anonymous = head.header("authorization").empty();
    if (permission.refusal && permission.refusal->status == 401 && anonymous) {
        permission.refusal = needs_link();
    }
    if (!permission.refusal && acts && !is_same_site(head)) {
        permission.refusal =
            HttpReply::error(403, Error{"cross_site", "requests of other sites are refused"});
    }
    return permission;
}

void show_page(Api& api, Api::Call call) {
    Visit visit = visit_of(call);
    const bool may_act = visit.holder || call.may_command;
    api.read(in_words(std::move(call.reply)),
             [visit = std::move(visit), may_act, settings = call.settings,
              now = call.received](ReadStore& store) {
                 auto found = store.incident(visit.number);
                 if (auto refusal = refusal_of(visit, found, now)) return *std::move(refusal);
                 return rendered(visit, **std::move(found), may_act, *settings, now);
             });
}

void act_on_page(Api& api, Api::Call call) {
    const Visit visit = visit_of(call);
    const Reply reply = in_words(std::move(call.reply));
    const auto form = read_form(call.request);
    if (!form) {
        return reply(notice(400, "That was not understood", form.error().message, visit.address()));
    }
    const std::string by = person_of(visit, *form);
    if (by.empty()) {
        return reply(notice(400, "Who are you?",
                            "Give your name (up to 256 bytes), so that the others know who acts.",
                            visit.address()));
    }
    auto wish = wish_of(*form);
    if (!wish) {
        return reply(notice(400, "That was not understood",
                            "The page can acknowledge, take the lead, or write a note with a text.",
                            visit.address()));
    }
    // Whether the link still holds is known to the store only.
    api.visit(reply, [&api, visit, by, wish = *std::move(wish), now = call.received](
                         ReadStore& store, const Reply& answer) {
        if (auto refusal = refusal_of(visit, store.incident(visit.number), now)) {
            return answer(*std::move(refusal));
        }
        give(api, answer, visit, by, wish, now);
    });
}

}  // namespace tocsin::shell
