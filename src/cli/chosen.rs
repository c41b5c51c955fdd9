//! The filters that `search` and `export` take beside a query.

use paydirt::index::Facet;
use paydirt::search::Filters;

/// Filters; one that is given several times takes passages with any of its values.
#[derive(Debug, clap::Args)]
#[command(next_help_heading = "Filters (repeat one for any of several values)")]
pub struct Chosen {
    /// Publisher, or words of its name.
    #[arg(long, value_name = "NAME")]
    publisher: Vec<String>,
    /// Id, symbol or file name of the document.
    #[arg(long, value_name = "ID")]
    document: Vec<String>,
    /// Year of publication.
    #[arg(long, value_name = "YEAR")]
    year: Vec<String>,
    /// Kind of mention: amount, date, exchange, wallet.
    #[arg(long, value_name = "KIND")]
    kind: Vec<String>,
    /// Exchange or service, by any of its names.
    #[arg(long, value_name = "NAME")]
    exchange: Vec<String>,
    /// Currency of an amount: USD, BTC.
    #[arg(long, value_name = "CODE")]
    currency: Vec<String>,
    /// Chain of an address: bitcoin, ethereum.
    #[arg(long, value_name = "NAME")]
    chain: Vec<String>,
    /// Size of an amount: a value as --facets prints it, or a range such as '>=100M'.
    #[arg(long, value_name = "SIZE", allow_hyphen_values = true)]
    amount: Vec<String>,
    /// A date mentioned: 2021, 2021-03, or a range such as 2020..2021-06.
    #[arg(long, value_name = "DATE", allow_hyphen_values = true)]
    date: Vec<String>,
    /// Language of the passage: en, fr.
    #[arg(long, value_name = "CODE")]
    language: Vec<String>,
}

impl Chosen {
    pub fn filters(&self) -> Filters {
        let mut filters = Filters::default();
        for (facet, values) in [
            (Facet::Publisher, &self.publisher),
            (Facet::Document, &self.document),
            (Facet::Year, &self.year),
            (Facet::Kind, &self.kind),
            (Facet::Exchange, &self.exchange),
            (Facet::Currency, &self.currency),
            (Facet::Chain, &self.chain),
            (Facet::Amount, &self.amount),
            (Facet::Language, &self.language),
            (Facet::Date, &self.date),
        ] {
            if !values.is_empty() {
                filters.chosen.insert(facet, values.clone());
            }
        }
        filters
    }
}
