// The settings of integrations that cannot be used yet, so that a configuration with them is valid.
#include "integrations/sinks/later.hpp"

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "base/secret.hpp"
#include "integrations/sinks/kind.hpp"
#include "schema/field.hpp"

namespace tocsin::integrations {

namespace {

using schema::field;
using schema::Need;
using Names = std::vector<std::pair<std::string, std::string>>;

struct SlackSettings {
    Secret bot_token;
    Secret signing_secret;
    std::string announce = "#incidents";
    std::string command = "/incident";
    std::string url = "https://slack.com/api";
};

schema::Table<SlackSettings> table_of(const SlackSettings* /*type*/) {
    using S = SlackSettings;
    return {.name = "slack integration",
            .fields = {
                field("bot_token", &S::bot_token, "The bot's token (xoxb-…).", Need::required),
                field("signing_secret", &S::signing_secret,
                      "Checks that a command came from Slack; without it commands are refused."),
                field("announce", &S::announce, "The channel in which incidents are announced."),
                field("command", &S::command, "The slash command's name."),
                field("url", &S::url, "The API's address."),
            }};
}

struct IncidentIoSettings {
    Secret api_key;
    Secret webhook_secret;
    Names severities;
    Names statuses;
    std::string url = "https://api.incident.io";
};

schema::Table<IncidentIoSettings> table_of(const IncidentIoSettings* /*type*/) {
    using S = IncidentIoSettings;
    return {.name = "incident_io integration",
            .fields = {
                field("api_key", &S::api_key, "The API key.", Need::required),
                field("webhook_secret", &S::webhook_secret,
                      "Checks that a webhook came from incident.io."),
                field("severities", &S::severities,
                      "Our severities' names there; by default those of the same name."),
                field("statuses", &S::statuses,
                      "Our states' names there; by default by their category."),
                field("url", &S::url, "The API's address."),
            }};
}

struct StatuspageSettings {
    std::string page_id;
    Secret api_key;
    std::vector<std::pair<std::string, Names>> components;
    std::string url = "https://api.statuspage.io/v1";
};

schema::Table<StatuspageSettings> table_of(const StatuspageSettings* /*type*/) {
    using S = StatuspageSettings;
    return {.name = "statuspage integration",
            .fields = {
                field("page_id", &S::page_id, "The page's id.", Need::required),
                field("api_key", &S::api_key, "The API key.", Need::required),
                field("components", &S::components,
                      "Ids of the page's components, by region and by our component."),
                field("url", &S::url, "The API's address."),
            }};
}

struct PostHogFlagSettings {
    std::uint32_t project = 0;
    std::uint32_t flag = 0;
    Secret api_key;
    std::string url = "https://us.posthog.com";
};

schema::Table<PostHogFlagSettings> table_of(const PostHogFlagSettings* /*type*/) {
    using S = PostHogFlagSettings;
    return {.name = "posthog_flag integration",
            .fields = {
                field("project", &S::project, "The project's number.", Need::required),
                field("flag", &S::flag, "The flag's number.", Need::required),
                field("api_key", &S::api_key, "A personal API key.", Need::required),
                field("url", &S::url, "The instance's address."),
            }};
}

}  // namespace

IntegrationKind slack_kind() {
    return with_settings<SlackSettings>({.name = "slack",
                                         .help = "Channels, messages and commands in Slack.",
                                         .reach = core::Reach::person,
                                         .can_page = true});
}

IntegrationKind incident_io_kind() {
    return with_settings<IncidentIoSettings>({.name = "incident_io",
                                              .help = "Incidents and escalations of incident.io.",
                                              .reach = core::Reach::service,
                                              .can_page = true,
                                              .width = 4});
}

IntegrationKind statuspage_kind() {
    return with_settings<StatuspageSettings>(
        {.name = "statuspage", .help = "The status page that customers see (Atlassian)."});
}

IntegrationKind posthog_flag_kind() {
    return with_settings<PostHogFlagSettings>(
        {.name = "posthog_flag", .help = "The banner in the product, a PostHog feature flag."});
}

}  // namespace tocsin::integrations
