"""scikit-learn's estimators in pickles and joblib files."""

import pickle
import warnings

import sklearn
from sklearn.linear_model import LogisticRegression
from sklearn.neural_network import MLPRegressor
from sklearn.pipeline import Pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.svm import SVC

import pickle_cases
from oracle import case


def estimators(out):
    x, y = out.floats(30, 4), out.random.integers(0, 2, 30)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield "logistic", LogisticRegression().fit(x, y)
        yield "pipeline", Pipeline([("scale", StandardScaler()), ("svc", SVC(probability=False))]).fit(x, y)
        yield "mlp", MLPRegressor(hidden_layer_sizes=(5, 3), max_iter=5, random_state=0).fit(x, y.astype(float))


@case("joblib", heavy=True, needs=("sklearn",))
def by_joblib(out):
    for name, estimator in estimators(out):
        pickle_cases.save_joblib(
            out,
            f"sklearn/{name}.joblib",
            estimator,
            f"an estimator of scikit-learn {sklearn.__version__}; names are paths through attributes",
        )
        pickle_cases.save_joblib(out, f"sklearn/{name}-zlib.joblib", estimator, "the same, compressed", compress=3)


@case("pickle", heavy=True, needs=("sklearn",))
def by_pickle(out):
    for name, estimator in estimators(out):
        pickle_cases.save(
            out,
            f"sklearn/{name}.pkl",
            pickle.dumps(estimator),
            f"an estimator of scikit-learn {sklearn.__version__}; names are paths through attributes",
        )
