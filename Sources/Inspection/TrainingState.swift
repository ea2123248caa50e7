/// Tensors of a checkpoint that are not the model: the optimiser's, and averages of the weights kept beside these.
struct TrainingState {
    private static let optimiser = [
        "optimizer", "optimizer_state_dict", "optimizer_states", "optimizer_weights", "optim", "lr_schedulers", "scaler",
    ]
    private static let averages = ["ema", "model_ema", "ema_state_dict", "ema_model"]
    private let hasModel: Bool

    init(_ names: some Sequence<String>) {
        hasModel = names.contains { !Self.averages.contains(Self.first($0)) && !Self.optimiser.contains(Self.first($0)) }
    }

    func contains(_ name: String) -> Bool {
        guard hasModel else { return false }
        let first = Self.first(name)
        return Self.optimiser.contains(first) || Self.averages.contains(first)
    }

    private static func first(_ name: String) -> String {
        name.firstIndex(where: { $0 == "." || $0 == "/" }).map { String(name[..<$0]) } ?? ""
    }
}
