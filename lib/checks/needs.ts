/** What lists the clusters and single instances. */
export const clusterNeeds: readonly string[] = ['rds:DescribeDBClusters', 'rds:DescribeDBInstances'];

/** What tells the effective parameters of a cluster. */
export const parameterNeeds: readonly string[] = [
  ...clusterNeeds,
  'rds:DescribeDBClusterParameters',
  'rds:DescribeDBParameters',
  'rds:DescribeDBClusterParameterGroups',
  'rds:DescribeDBParameterGroups',
];

/** What lists the snapshots of clusters and instances. */
export const snapshotNeeds: readonly string[] = ['rds:DescribeDBClusterSnapshots', 'rds:DescribeDBSnapshots'];

/** What lists the proxies, and the clusters behind them. */
export const proxyNeeds: readonly string[] = ['rds:DescribeDBProxies', 'rds:DescribeDBProxyTargets'];
