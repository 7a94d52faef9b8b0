// PagerDuty Events API v2: one alert per page key, triggered, acknowledged and resolved.
#include "integrations/sinks/pagerduty.hpp"

#include <utility>

#include "base/text.hpp"
#include "core/limits.hpp"
#include "integrations/api_view.hpp"
#include "integrations/json.hpp"
#include "integrations/sinks/kind.hpp"

namespace tocsin::integrations {

namespace {

// Limits of the Events API v2, from its prose.
constexpr std::size_t summary_code_points_max = 1024;
constexpr std::size_t dedup_key_bytes_max = 255;
constexpr std::size_t routing_key_bytes = 32;
constexpr std::size_t body_bytes_max = 512'000;
constexpr std::size_t field_bytes_max = 1024;  // of source, component, group, class: not stated
constexpr std::size_t link_bytes_max = 2048;

std::string_view event_action(core::Action action) {
    switch (action) {
        case core::Action::page:
        case core::Action::test:
            return "trigger";
        case core::Action::acknowledge_page:
            return "acknowledge";
        case core::Action::resolve_page:
            return "resolve";
        case core::Action::update:
        case core::Action::notify:
        case core::Action::publish:
        case core::Action::banner:
            return {};
    }
    return {};
}

std::string_view severity_of(core::Severity severity) {
    switch (severity) {
        case core::Severity::critical:
            return "critical";
        case core::Severity::minor:
            return "warning";
        case core::Severity::major:
        case core::Severity::none:
            return "error";
    }
    return "error";
}

/// Too long a key keeps its beginning, and differs from others of that beginning by its digest.
std::string dedup_key(const std::string& page_key) {
    if (page_key.size() <= dedup_key_bytes_max) return page_key;
    const std::string digest = "~" + to_hex(fnv1a64(page_key));
    return truncate(page_key, dedup_key_bytes_max - digest.size()) + digest;
}

/// The title stands first, so that it is there however long the rest is.
std::string summary(const core::Effect& effect) {
    const std::string& title =
        effect.incident.title.empty() ? effect.incident.rule : effect.incident.title;
    const bool says_all = effect.text.find(title) != effect.text.npos &&
                          effect.text.size() <= summary_code_points_max;
    std::string text = says_all ? effect.text : title;
    if (!says_all && !effect.text.empty()) text += ": " + effect.text;
    if (text.empty()) text = core::incident_id(effect.incident.number);
    if (effect.action == core::Action::test) text = "Drill, nothing is wrong: " + text;
    return truncate_code_points(to_valid_utf8(text), summary_code_points_max);
}

void set_unless_empty(Json& object, std::string_view name, const std::string& text) {
    if (!text.empty()) object.set(name, truncate(text, field_bytes_max));
}

class PagerDuty final : public Sink {
public:
    PagerDuty(PagerDutySettings settings, SinkContext context)
        : settings_(std::move(settings)), context_(std::move(context)) {}

    [[nodiscard]] Result<std::optional<Request>> request(const core::Effect& effect,
                                                         Instant /*now*/) const override {
        const std::string_view action = event_action(effect.action);
        if (action.empty()) return std::optional<Request>();
        const std::string body = action == "trigger" ? trigger(effect) : follow(effect, action);
        return std::optional<Request>(HttpRequest{.method = "POST",
                                                  .url = settings_.url.value + "/enqueue",
                                                  .headers = {{"Content-Type", "application/json"}},
                                                  .body = body,
                                                  .timeout = settings_.timeout});
    }

    [[nodiscard]] Judgement judge(const core::Effect& effect, const Answer& answer) const override {
        Judgement judgement = judge_concealing(answer, settings_.routing_key);
        if (!std::holds_alternative<Accepted>(judgement)) return judgement;
        if (trim(answer.body).starts_with('<')) {  // a login page, a captive portal
            return TryAgain{.reason = "something else than PagerDuty answered " +
                                      std::to_string(answer.status)};
        }
        const Result<Json> body = parse_json(answer.body);
        const auto key = body ? body->text_at("dedup_key") : std::nullopt;
        return Accepted{.remote = quote_peer(key.value_or(dedup_key(effect.page_key)))};
    }

private:
    [[nodiscard]] Json event(const core::Effect& effect, std::string_view action) const {
        return Json::object({{"routing_key", settings_.routing_key.reveal()},
                             {"event_action", action},
                             {"dedup_key", dedup_key(effect.page_key)}});
    }

    [[nodiscard]] std::string follow(const core::Effect& effect, std::string_view action) const {
        return event(effect, action).dump();
    }

    [[nodiscard]] std::string trigger(const core::Effect& effect) const {
        std::string body = trigger(effect, details(effect));
        if (body.size() <= body_bytes_max) return body;
        return trigger(effect, Json::object({{"left_out", "the details are too large"}}));
    }

    [[nodiscard]] std::string trigger(const core::Effect& effect, Json details) const {
        const core::Incident& incident = effect.incident;
        const std::string_view instance = incident.labels.get("instance");
        Json payload = Json::object({
            {"summary", summary(effect)},
            {"source", truncate(!instance.empty()       ? instance
                                : !incident.key.empty() ? std::string_view(incident.key)
                                                        : "tocsin",
                                field_bytes_max)},
            {"severity", severity_of(incident.severity)},
            {"timestamp", incident.number == 0 ? effect.ordered_at : incident.opened_at},
        });
        set_unless_empty(payload, "component", incident.component);
        set_unless_empty(payload, "group", incident.family);
        set_unless_empty(payload, "class", incident.rule);
        payload.set("custom_details", std::move(details));
        Json event = this->event(effect, "trigger");
        event.set("payload", std::move(payload));
        event.set("client", "tocsin");
        const std::string link = link_of(effect);
        if (!link.empty()) event.set("client_url", link);
        if (Json links = links_of(effect); !links.items().empty()) {
            event.set("links", std::move(links));
        }
        return event.dump();
    }

    [[nodiscard]] Json details(const core::Effect& effect) const {
        const core::Incident& incident = effect.incident;
        Json details = Json::object();
        if (incident.number != 0) details.set("incident", core::incident_id(incident.number));
        const auto set = [&details](std::string_view name, const std::string& text) {
            if (!text.empty()) details.set(name, text);
        };
        set("key", incident.key);
        if (incident.value) details.set("value", format_number(*incident.value));
        set("threshold", incident.threshold);
        set("cite", incident.cite);
        set("text", effect.text);
        if (!incident.labels.empty()) details.set("labels", view(incident.labels));
        set("runbook", incident.runbook_url);
        if (incident.number != 0) {
            details.set("acknowledge",
                        "acknowledge in tocsin: tocsin ack " + core::incident_id(incident.number));
        }
        return details;
    }

    [[nodiscard]] std::string link_of(const core::Effect& effect) const {
        if (!effect.link.empty()) return effect.link;
        if (effect.incident.number == 0) return {};
        return incident_link(context_.public_url, effect.incident.number);
    }

    [[nodiscard]] Json links_of(const core::Effect& effect) const {
        const core::Incident& incident = effect.incident;
        Json links = Json::list();
        const auto add = [&links](const std::string& address, std::string_view text) {
            const bool is_link = address.starts_with("http://") || address.starts_with("https://");
            if (!is_link || address.size() > link_bytes_max) return;
            links.push(Json::object({{"href", address}, {"text", text}}));
        };
        add(link_of(effect), "The incident in tocsin");
        add(incident.runbook_url, "Runbook");
        add(incident.source_url, "Where it was measured");
        add(context_.call_url, "The call");
        return links;
    }

    PagerDutySettings settings_;
    SinkContext context_;
};

}  // namespace

schema::Table<PagerDutySettings> table_of(const PagerDutySettings* /*type*/) {
    using S = PagerDutySettings;
    return {.name = "pagerduty integration",
            .fields = {
                schema::field("routing_key", &S::routing_key,
                              "The integration key of an Events API v2 integration.",
                              schema::Need::required),
                schema::field("url", &S::url, "Where events go; the EU region has its own."),
                schema::field("service", &S::service, "The service's id, to find our incidents."),
                schema::field("api_token", &S::api_token,
                              "A REST API token, to confirm that a page has arrived."),
                schema::field("api_url", &S::api_url, "The REST API's address."),
                schema::field("webhook_secret", &S::webhook_secret,
                              "Checks that a webhook came from PagerDuty."),
                schema::field("timeout", &S::timeout, "How long a whole request may take."),
            }};
}

std::shared_ptr<const Sink> make_pagerduty(PagerDutySettings settings, SinkContext context) {
    return std::make_shared<PagerDuty>(std::move(settings), std::move(context));
}

IntegrationKind pagerduty_kind() {
    return with_settings<PagerDutySettings>(
        {.name = "pagerduty",
         .help = "Pages through a PagerDuty service, which has its own on-call and escalation.",
         .reach = core::Reach::service,
         .can_page = true,
         .width = 4,
         .sends_per_minute = 100},
        [](PagerDutySettings settings, const schema::Reader& reader,
           const SinkContext& context) -> std::optional<std::shared_ptr<const Sink>> {
            const bool url = check_url(settings.url, reader);
            const bool api_url = check_url(settings.api_url, reader);
            if (!url || !api_url) return std::nullopt;
            const std::size_t bytes = settings.routing_key.reveal().size();
            if (bytes != 0 && bytes != routing_key_bytes) {
                reader.warning(settings.at, "the routing key has " + std::to_string(bytes) +
                                                " characters, PagerDuty's have 32");
            }
            return make_pagerduty(std::move(settings), context);
        });
}

}  // namespace tocsin::integrations
