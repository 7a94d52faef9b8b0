// Expands templates: walks the tree with a stack of variables, within bounds of output and steps.

#include "core/template.hpp"

#include <algorithm>

#include "base/text.hpp"
#include "core/limits.hpp"
#include "core/template_tree.hpp"

namespace tocsin::core {

struct Template::Compiled {
    std::string text;
    std::vector<templates::Node> nodes;
};

namespace templates {

namespace {

const Labels* labels_or_none(const Labels* labels) {
    static const Labels none;
    return labels == nullptr ? &none : labels;
}

class Expander {
public:
    explicit Expander(const TemplateData& data) : data_(data) {
        const Value root{Root{}};
        variables_.emplace_back("$", root);
        for (const auto& [variable, field] : {std::pair{"$labels", "Labels"},
                                              {"$annotations", "Annotations"},
                                              {"$value", "Value"},
                                              {"$externalLabels", "ExternalLabels"},
                                              {"$externalURL", "ExternalURL"}}) {
            variables_.emplace_back(variable, *root_field(field));
        }
    }

    /// The text, or what stopped it.
    Result<std::string> run(const std::vector<Node>& nodes) {
        const Status status = list(nodes, Value{Root{}});
        if (!status) return status.error();
        return std::move(output_);
    }

private:
    static Error trouble(std::string message) {
        return Error{.code = "bad_template", .message = std::move(message)};
    }

    Status list(const std::vector<Node>& nodes, const Value& dot) {
        for (const Node& node : nodes) {
            if (++steps_ > limits::template_steps_max) return trouble("it takes too many steps");
            if (output_.size() > limits::text_bytes_max) return {};
            if (node.kind == Node::Kind::text) {
                output_ += node.text;
                continue;
            }
            const std::size_t variables = variables_.size();
            const Status status = node.kind == Node::Kind::action  ? action(node, dot)
                                  : node.kind == Node::Kind::range ? range(node, dot)
                                                                   : branch(node, dot);
            if (!status) return status;
            if (node.kind != Node::Kind::action) variables_.resize(variables, variables_.front());
        }
        return {};
    }

    Status action(const Node& node, const Value& dot) {
        Result<Value> value = evaluate(node.pipeline, dot);
        if (!value) return value.error();
        if (node.pipeline.declared.empty()) output_ += print(*value);
        return {};
    }

    Status branch(const Node& node, const Value& dot) {
        const Result<Value> value = evaluate(node.pipeline, dot);
        if (!value) return value.error();
        if (!is_true(*value)) return list(node.otherwise, dot);
        return list(node.body, node.kind == Node::Kind::with ? *value : dot);
    }

    Status range(const Node& node, const Value& dot) {
        const Result<Value> over = evaluate_commands(node.pipeline, dot);
        if (!over) return over.error();
        std::vector<std::pair<Value, Value>> members;
        if (const auto* labels = std::get_if<const Labels*>(&over->held)) {
            for (const auto& [name, value] : **labels) {
                members.emplace_back(Value{std::string(name)}, Value{std::string(value)});
            }
        } else if (const auto* named = std::get_if<Members>(&over->held)) {
            for (const auto& [name, value] : **named) members.emplace_back(Value{name}, value);
        } else if (!std::holds_alternative<NoSeries>(over->held) &&
                   !std::holds_alternative<Nothing>(over->held)) {
            return trouble("range can't iterate over " + print(*over));
        }
        if (members.empty()) return list(node.otherwise, dot);
        const std::vector<std::string>& names = node.pipeline.declared;
        for (const auto& [key, value] : members) {
            const std::size_t variables = variables_.size();
            if (names.size() == 2) set(names[0], key, node.pipeline.assigns);
            if (!names.empty()) set(names.back(), value, node.pipeline.assigns);
            if (const Status status = list(node.body, value); !status) return status;
            variables_.resize(variables, variables_.front());
        }
        return {};
    }

    void set(const std::string& name, const Value& value, bool assigns) {
        if (!assigns) {
            variables_.emplace_back(name, value);
            return;
        }
        const auto found = std::find_if(variables_.rbegin(), variables_.rend(),
                                        [&](const auto& entry) { return entry.first == name; });
        if (found != variables_.rend()) found->second = value;
    }

    Result<Value> evaluate(const Pipeline& pipeline, const Value& dot) {
        Result<Value> value = evaluate_commands(pipeline, dot);
        if (!value) return value;
        for (const std::string& name : pipeline.declared) set(name, *value, pipeline.assigns);
        return value;
    }

    Result<Value> evaluate_commands(const Pipeline& pipeline, const Value& dot) {
        std::optional<Value> piped;
        for (const Command& command : pipeline.commands) {
            if (++steps_ > limits::template_steps_max) return trouble("it takes too many steps");
            Result<Value> value = evaluate_command(command, dot, piped);
            if (!value) return value;
            piped = *std::move(value);
        }
        return piped ? *std::move(piped) : Value{};
    }

    Result<Value> evaluate_command(const Command& command, const Value& dot,
                                   const std::optional<Value>& piped) {
        const Operand& first = command.front();
        if (first.kind != Operand::Kind::function) {
            if (piped) return trouble("only a function takes what is piped into it");
            return evaluate_operand(first, dot);
        }
        Arguments arguments;
        for (std::size_t i = 1; i < command.size(); ++i) {
            Result<Value> value = evaluate_operand(command[i], dot);
            if (!value) return value;
            arguments.push_back(*std::move(value));
        }
        if (piped) arguments.push_back(*piped);
        Result<Value> result = call(first.function, arguments);
        if (!result) return result;
        return fields(*std::move(result), first.fields);
    }

    Result<Value> call(const Function& function, const Arguments& arguments) {
        const bool few = arguments.size() < function.arguments_min;
        if (few || arguments.size() > function.arguments_max) {
            return trouble("wrong number of args for " + std::string(function.name) + ": want " +
                           (few ? "at least " + std::to_string(function.arguments_min)
                                : "at most " + std::to_string(function.arguments_max)) +
                           " got " + std::to_string(arguments.size()));
        }
        Result<Value> result = function.call(arguments, data_);
        if (result) return result;
        return trouble("error calling " + std::string(function.name) + ": " +
                       result.error().message);
    }

    Result<Value> evaluate_operand(const Operand& operand, const Value& dot) {
        switch (operand.kind) {
            case Operand::Kind::literal:
                return fields(operand.literal, operand.fields);
            case Operand::Kind::dot:
                return fields(dot, operand.fields);
            case Operand::Kind::variable:
                return fields(variable(operand.name), operand.fields);
            case Operand::Kind::function: {
                Result<Value> value = call(operand.function, {});
                if (!value) return value;
                return fields(*std::move(value), operand.fields);
            }
            case Operand::Kind::parentheses: {
                Result<Value> value = evaluate(*operand.inner, dot);
                if (!value) return value;
                return fields(*std::move(value), operand.fields);
            }
        }
        return Value{};
    }

    [[nodiscard]] Value variable(const std::string& name) const {
        const auto found = std::find_if(variables_.rbegin(), variables_.rend(),
                                        [&](const auto& entry) { return entry.first == name; });
        return found == variables_.rend() ? Value{} : found->second;
    }

    [[nodiscard]] Result<Value> fields(Value value, const std::vector<std::string>& names) const {
        for (const std::string& name : names) {
            if (const auto* labels = std::get_if<const Labels*>(&value.held)) {
                value = Value{std::string((*labels)->get(name))};
            } else if (const auto* members = std::get_if<Members>(&value.held)) {
                value = member(**members, name);
            } else if (std::holds_alternative<Root>(value.held)) {
                Result<Value> field = root_field(name);
                if (!field) return field;
                value = *std::move(field);
            } else {
                return trouble("can't evaluate field " + name + " in type " +
                               std::string(type_name(value)));
            }
        }
        return value;
    }

    static Value member(const std::vector<std::pair<std::string, Value>>& members,
                        const std::string& name) {
        for (const auto& [key, value] : members) {
            if (key == name) return value;
        }
        return Value{};
    }

    [[nodiscard]] Result<Value> root_field(const std::string& name) const {
        if (name == "Labels") return Value{labels_or_none(data_.labels)};
        if (name == "Annotations") return Value{labels_or_none(data_.annotations)};
        if (name == "ExternalLabels") return Value{labels_or_none(nullptr)};
        if (name == "ExternalURL") return Value{std::string(data_.external_url)};
        if (name == "Value") return data_.value ? Value{*data_.value} : Value{};
        return trouble("can't evaluate field " + name);
    }

    const TemplateData& data_;
    std::vector<std::pair<std::string, Value>> variables_;
    std::string output_;
    std::size_t steps_ = 0;
};

}  // namespace

}  // namespace templates

Result<Template> Template::parse(std::string_view text) {
    Result<std::vector<templates::Node>> nodes = templates::parse(text);
    if (!nodes) return nodes.error();
    Template result;
    result.compiled_ =
        std::make_shared<const Compiled>(Compiled{std::string(text), *std::move(nodes)});
    return result;
}

std::string Template::expand(const TemplateData& data) const {
    Result<std::string> text = try_expand(data);
    if (text) return *std::move(text);
    return truncate("<error expanding template: " + text.error().message + ">",
                    limits::text_bytes_max);
}

Result<std::string> Template::try_expand(const TemplateData& data) const {
    if (!compiled_) return std::string();
    Result<std::string> text = templates::Expander(data).run(compiled_->nodes);
    if (!text) return text;
    return truncate(*text, limits::text_bytes_max);
}

const std::string& Template::text() const {
    static const std::string none;
    return compiled_ ? compiled_->text : none;
}

std::vector<TemplateFunction> template_functions() {
    std::vector<TemplateFunction> rows;
    for (const templates::Function& row : templates::functions()) {
        rows.push_back({row.name, row.help});
    }
    return rows;
}

}  // namespace tocsin::core
